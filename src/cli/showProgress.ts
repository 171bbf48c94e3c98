/** Long work with data on the live line. */
import type { CommandContext } from './command.ts';

/** Shows what the core says of its progress until `work` is done. */
export async function withProgress<T>(
  { core, terminal }: CommandContext,
  work: () => Promise<T>,
): Promise<T> {
  const end = core.on('run/progress', ({ message, fraction }) => {
    const percent = fraction === null ? '' : ` ${Math.round(fraction * 100)} %`;
    terminal.status(`${message}${percent}`);
  });
  try {
    return await work();
  } finally {
    end();
    terminal.status(null);
  }
}
