/**
 * Where the command line writes: results to stdout; notes and the live status line to stderr.
 * Colour and the live line only on a terminal, and no colour where NO_COLOR is set.
 */
/** SGR codes that begin and end a style. */
const styles = { bold: [1, 22], dim: [2, 22], green: [32, 39], red: [31, 39] } as const;

export type Style = keyof typeof styles;

export interface Terminal {
  /** A line of results. */
  print(line: string): void;
  /** A line beside the results. */
  note(line: string): void;
  /** Replaces the live line; null removes it. Does nothing where there is no terminal. */
  status(line: string | null): void;
  /** Whether `status` shows anything. */
  readonly live: boolean;
  /** Width in characters of the terminal, as it is now. */
  readonly columns: number;
  paint(style: Style, text: string): string;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface TerminalOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: NodeJS.ProcessEnv;
}

const eraseLine = '\r\u001b[K';

export function createTerminal({ stdout, stderr, environment }: TerminalOptions): Terminal {
  const live = stderr.isTTY === true && environment['TERM'] !== 'dumb';
  const colour =
    stdout.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  let shown: string | null = null;
  /** Writes lines with the live line out of their way. */
  const aside = (write: () => void) => {
    if (shown !== null) stderr.write(eraseLine);
    write();
    if (shown !== null) stderr.write(shown);
  };
  return {
    live,
    get columns() {
      return stderr.columns || 80; // some pseudo-terminals say 0
    },
    print: (line) => aside(() => stdout.write(`${line}\n`)),
    note: (line) => aside(() => stderr.write(`${line}\n`)),
    status(line) {
      if (!live || line === shown) return;
      stderr.write(eraseLine + (line ?? ''));
      shown = line;
    },
    paint(style, text) {
      const [begin, end] = styles[style];
      return colour ? `\u001b[${begin}m${text}\u001b[${end}m` : text;
    },
  };
}
