/** The most memory that this process has had. */
import { existsSync, readFileSync } from 'node:fs';

const status = '/proc/self/status';

/** Megabytes. What Linux counts as `maxRSS` begins with the memory of the process that started this one. */
export function peakMegabytes(): number {
  const text = existsSync(status) ? readFileSync(status, 'utf8') : '';
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1] ?? process.resourceUsage().maxRSS;
  return Number(kilobytes) / 1024;
}
