/** How many threads compute by default, and how each system is asked for its cores. */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { findCores, type CoreSources } from '../../../src/core/backends/wasm/physicalCores.ts';
import { chosenThreads } from '../../../src/core/backends/wasm/threads.ts';
import { createBackend } from '../../../src/core/backendChoice.ts';

const nothing = () => Promise.reject(new Error('not there'));
const machine: CoreSources = { platform: 'linux', environment: {}, read: nothing, run: nothing };

/** What `lscpu -p` and /proc/cpuinfo call a processor. */
function processor(socket: number, core: number): string {
  return `processor\t: 0\nphysical id\t: ${socket}\nsiblings\t: 2\ncore id\t\t: ${core}\n`;
}

function onLinux(cpuinfo: string): Promise<number | null> {
  return findCores({ ...machine, read: () => Promise.resolve(cpuinfo) });
}

/** With what the program writes, and the calls of it. */
async function asked(platform: NodeJS.Platform, output: string) {
  const calls: string[][] = [];
  const run = (program: string, args: readonly string[]) => {
    calls.push([program, ...args]);
    return Promise.resolve(output);
  };
  const environment = { SystemRoot: 'D:\\Windows' };
  return { cores: await findCores({ ...machine, platform, environment, run }), calls };
}

describe('physical cores', () => {
  it('of Linux count a core with two threads once', async () => {
    const text = [processor(0, 0), processor(0, 0), processor(0, 1), processor(1, 0)].join('\n');
    assert.equal(await onLinux(text), 3);
    assert.equal(await onLinux('processor\t: 0\nmodel name\t: none\n'), null);
  });

  it('of Windows are those of all sockets, told by PowerShell under its whole path', async () => {
    const { cores, calls } = await asked('win32', '8\r\n');
    assert.equal(cores, 8);
    const [[program, ...args] = []] = calls;
    assert.equal(program, 'D:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe');
    assert.match(args.join(' '), /Get-CimInstance .*Win32_Processor.*NumberOfCores/);
    assert.equal((await asked('win32', '16\r\n16\r\n')).cores, 32);
  });

  it('of macOS are told by sysctl', async () => {
    const { cores, calls } = await asked('darwin', '10\n');
    assert.equal(cores, 10);
    assert.deepEqual(calls, [['/usr/sbin/sysctl', '-n', 'hw.physicalcpu']]);
  });

  it('are unknown where nothing sensible is told', async () => {
    for (const text of ['', 'Get-CimInstance : Access denied\r\n', '\r\n']) {
      assert.equal((await asked('win32', text)).cores, null);
    }
    assert.equal(await findCores({ ...machine, platform: 'win32' }), null);
    assert.equal(await findCores(machine), null);
    assert.equal((await asked('freebsd', '4')).cores, null);
  });
});

describe('threads that compute', () => {
  it('are as many as TRAINBENCH_THREADS says, else at least one', async () => {
    assert.equal(await chosenThreads({ TRAINBENCH_THREADS: '3' }), 3);
    for (const wrong of ['0', '-1', '1.5', 'many', '']) {
      assert.ok((await chosenThreads({ TRAINBENCH_THREADS: wrong })) >= 1);
    }
  });

  it('are no more than there are processors', async () => {
    const wish = { device: 'cpu', portable: false, backend: null, choices: null } as const;
    for (const [threads, used] of [
      [1, 1],
      [256, availableParallelism()],
    ] as const) {
      const backend = await createBackend({ ...wish, threads });
      assert.equal(backend.threads, used);
      backend.destroy();
    }
  });
});
