/**
 * Expected failures and bugs. Wrong user input is not here: that is a Diagnostic.
 * Errors cross processes and bundles, so they are recognised by their code, never by `instanceof`.
 */
import type { Diagnostic } from './diagnostics.ts';
import { systemReason } from './systemReason.ts';

/** Every code an expected failure may carry: `area.what`. */
export type ErrorCode =
  | 'azure.conflict'
  | 'azure.failed'
  | 'azure.forbidden'
  | 'azure.foreignHost'
  | 'azure.invalid'
  | 'azure.nameTaken'
  | 'azure.network'
  | 'azure.notFound'
  | 'azure.quota'
  | 'azure.signIn'
  | 'azure.throttled'
  | 'config.invalid'
  | 'core.exited'
  | 'core.noRuntime'
  | 'core.versionMismatch'
  | 'data.download'
  | 'data.read'
  | 'device.install'
  | 'device.lost'
  | 'device.outOfMemory'
  | 'device.unavailable'
  | 'backend.unsupported'
  | 'export.unsupported'
  | 'file.notFound'
  | 'file.notWritable'
  | 'input.invalid'
  | 'internal'
  | 'protocol.cancelled'
  | 'protocol.closed'
  | 'protocol.unknownMethod'
  | 'run.busy'
  | 'run.corrupt'
  | 'run.diverged'
  | 'run.notFound'
  | 'ssh.failed'
  | 'ssh.hostChanged'
  | 'ssh.lost'
  | 'ssh.signIn'
  | 'ssh.unsupported'
  | 'workspace.untrusted';

/** The form in which an error crosses a process boundary: plain data, no class, no stack. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly diagnostics?: readonly Diagnostic[];
}

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly diagnostics: readonly Diagnostic[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; diagnostics?: readonly Diagnostic[] } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.diagnostics = options.diagnostics ?? [];
  }
}

export function isError(error: unknown, code: ErrorCode): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** What went wrong in words; what the system says in its own terms is put into ours where people meet it. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ('code' in error ? systemReason(String(error.code)) : null) ?? error.message;
}

/** Also one of another bundle of ours, whose class is another. */
function isAppError(error: unknown): error is AppError {
  return error instanceof Error && error.name === 'AppError' && 'diagnostics' in error;
}

/** Turns anything thrown into its wire form; an unknown error is a bug of ours and says so. */
export function toWireError(error: unknown): WireError {
  if (isAppError(error)) {
    const { code, message, diagnostics } = error;
    return diagnostics.length > 0 ? { code, message, diagnostics } : { code, message };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: message.startsWith('internal:') ? message : `internal: ${message}`,
  };
}

export function fromWireError(wire: WireError): AppError {
  return new AppError(wire.code, wire.message, { diagnostics: wire.diagnostics ?? [] });
}

/** States a fact that holds unless we have a bug. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new AppError('internal', `internal: ${what}`);
}

export function unreachable(value: never): never {
  throw new AppError('internal', `internal: unexpected value ${JSON.stringify(value)}`);
}
