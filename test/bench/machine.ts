/** The machine that is measured on, and how much of it others use meanwhile. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { digits } from './table.ts';

/** One line: processor, memory, system, and the Node at `executable`. */
export function describeMachine(executable: string): string {
  const expression = '`Node ${process.version}, V8 ${process.versions.v8}`';
  const { stdout } = spawnSync(executable, ['-p', expression], { encoding: 'utf8' });
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  const processor = `${os.cpus().length} x ${os.cpus()[0]!.model.trim()}`;
  return `${processor}, ${memory}, ${os.type()} ${os.release()} ${os.arch()}; the core on ${stdout.trim()}`;
}

/** Seconds of processor time since some moment: of all processes, and of this one and the children it has waited for. */
interface Used {
  readonly all: number;
  readonly own: number;
  readonly clock: number;
}

const ticksPerSecond = 100;

/** Null where the system does not tell. */
function used(): Used | null {
  if (process.platform !== 'linux') return null;
  const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]!;
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, soft = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const self = readFileSync('/proc/self/stat', 'utf8');
  const times = self
    .slice(self.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15);
  return {
    all: (user + nice + system + interrupts + soft) / ticksPerSecond,
    own: times.map(Number).reduce((a, b) => a + b) / ticksPerSecond,
    clock: performance.now() / 1000,
  };
}

/** Starts counting; the result tells how many cores other processes have used on average since. */
export function countOthers(): () => number | null {
  const before = used();
  return () => {
    const now = used();
    if (before === null || now === null) return null;
    const all = now.all - before.all - (now.own - before.own);
    return Math.max(0, all / (now.clock - before.clock));
  };
}

/** Cores that others may use while we measure. */
const quiet = 0.2;
const longestWait = 90_000;

/** Waits, at most a minute and a half, until others leave the machine alone; tells how it is then. */
export async function waitForQuiet(): Promise<string> {
  const started = performance.now();
  for (;;) {
    const others = countOthers();
    await delay(1000);
    const busy = others();
    const isQuiet = busy === null || (busy < quiet && os.loadavg()[0]! < 1.3);
    if (!isQuiet && performance.now() - started < longestWait) continue;
    const load = `load of the machine ${digits(os.loadavg()[0]!)} at the start`;
    return busy === null ? load : `${load}, others then used ${digits(busy)} cores`;
  }
}
