/**
 * How many cores the machine has: two threads of one core (hyper-threading) gain nothing for code that keeps its
 * multipliers busy. Node only tells of threads; each system tells of cores in its own way.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** Where a system tells of its cores. */
export interface CoreSources {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  /** Text of a file. */
  readonly read: (file: string) => Promise<string>;
  /** What a program writes. */
  readonly run: (program: string, args: readonly string[]) => Promise<string>;
}

const execute = promisify(execFile);
/** PowerShell takes half a second; a machine that needs longer than this has other worries. */
const longestMilliseconds = 10_000;

const thisMachine: CoreSources = {
  platform: process.platform,
  environment: process.env,
  read: (file) => readFile(file, 'utf8'),
  run: async (program, args) => {
    const options = { timeout: longestMilliseconds, windowsHide: true };
    return (await execute(program, args, options)).stdout;
  },
};

let found: Promise<number | null> | undefined;

/** Of this machine, found out once; null where it does not tell. */
export function physicalCores(): Promise<number | null> {
  return (found ??= findCores(thisMachine));
}

/** Never rejects: a system without the file or the program tells nothing. */
export async function findCores(sources: CoreSources): Promise<number | null> {
  const count = await ask(sources).catch(() => 0);
  return Number.isInteger(count) && count > 0 ? count : null;
}

async function ask({ platform, environment, read, run }: CoreSources): Promise<number> {
  switch (platform) {
    case 'linux':
      return distinctCores(await read('/proc/cpuinfo'));
    case 'darwin':
      return Number(await run('/usr/sbin/sysctl', ['-n', 'hw.physicalcpu']));
    case 'win32':
      // By its whole path: what stands in the current folder must not run. WMIC is gone from Windows 11.
      return sumOfLines(
        await run(powershellOf(environment), ['-NoProfile', '-Command', coresQuery]),
      );
    default:
      return 0;
  }
}

/** A line for each socket. */
const coresQuery = '(Get-CimInstance -ClassName Win32_Processor).NumberOfCores';

function powershellOf({ SystemRoot = 'C:\\Windows' }: NodeJS.ProcessEnv): string {
  return path.win32.join(SystemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
}

/** Of numbers, one a line; NaN where a line is something else. */
function sumOfLines(text: string): number {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.reduce((sum, line) => sum + Number(line), 0);
}

/** Pairs of socket and core in the text of /proc/cpuinfo; 0 when it has none, as on arm64, whose cores have one thread. */
function distinctCores(cpuinfo: string): number {
  const processors = cpuinfo.split('\n\n').map((block) => {
    const field = (name: string) => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(block)?.[1];
    const [socket, core] = [field('physical id'), field('core id')];
    return core === undefined ? [] : [`${socket ?? 0}/${core}`];
  });
  return new Set(processors.flat()).size;
}
