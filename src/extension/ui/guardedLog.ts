/** The only way into the log: what goes there has lost its secrets. */
import { redact } from '../../shared/redact.ts';

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** As much of VS Code's `LogOutputChannel` as we use. */
export interface Log extends Readonly<Record<Level, (message: string | Error) => void>> {
  show(): void;
  dispose(): void;
}

/** What the lines end in. */
export interface LogSink extends Readonly<Record<Level, (message: string) => void>> {
  show(): void;
  dispose(): void;
}

export function guardLog(sink: LogSink): Log {
  const write = (level: Level) => (message: string | Error) => sink[level](redact(textOf(message)));
  return {
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    show: () => sink.show(),
    dispose: () => sink.dispose(),
  };
}

/** An error with its stack, and those that it came from. */
function textOf(message: string | Error): string {
  if (typeof message === 'string') return message;
  const text = message.stack ?? message.message;
  return message.cause instanceof Error ? `${text}\nCaused by: ${textOf(message.cause)}` : text;
}
