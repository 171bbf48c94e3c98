/** The processes of this machine, from /proc. */
import fs from 'node:fs';

export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** Its arguments, with spaces between them. */
  readonly command: string;
  /** Of the processors, by itself and by its children that have ended. */
  readonly seconds: number;
}

const ticksPerSecond = 100;

/** The process and all below it. */
export function processTree(root: number): readonly ProcessRow[] {
  const rows = fs.readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? read(name) : []));
  const found = new Set([root]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const { pid, parent } of rows) if (found.has(parent)) found.add(pid);
  }
  return rows.filter(({ pid }) => found.has(pid));
}

function read(pid: string): readonly ProcessRow[] {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    // Behind the name, which may hold anything: state, parent, ..., and from the twelfth on ticks of four kinds.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, text) => sum + Number(text), 0);
    const seconds = ticks / ticksPerSecond;
    return [{ pid: Number(pid), parent: Number(fields[1]), command, seconds }];
  } catch {
    return []; // ended while we looked
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** Seconds of the processors by the kind of process, of this process and all below it. */
export function processorSeconds(): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { command, seconds } of processTree(process.pid)) {
    const kind = kindOf(command);
    sums.set(kind, (sums.get(kind) ?? 0) + seconds);
  }
  return sums;
}

function kindOf(command: string): string {
  const type = /--type=([\w-]+)/.exec(command)?.[1];
  if (/chrom/.test(command)) return `browser, ${type ?? 'main'}`;
  if (command.includes('core.cjs')) return 'core';
  if (type !== undefined) return `server, ${type}`;
  return command.includes('code-server') ? 'server, main' : 'tests';
}
