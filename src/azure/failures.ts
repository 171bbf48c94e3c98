/** What a failed request or operation said, read from the forms that the service and the libraries give it. */
import { isRestError } from '@azure/core-rest-pipeline';
import { retryAfterMs } from './retry.ts';

/** An `error` object of the resource manager. */
export interface ServiceError {
  readonly code: string;
  readonly message: string;
}

export interface Failure extends ServiceError {
  /** 0 where no answer came, or where an operation failed after it was accepted. */
  readonly status: number;
  /** Seconds until the service wants to be asked again; null where it does not say. */
  readonly retryAfterSeconds: number | null;
}

/** An operation that was accepted and then failed. `cause` of nothing: the service says it all. */
export class OperationFailed extends Error {
  readonly service: ServiceError;

  constructor(service: ServiceError) {
    super(`${service.code}: ${service.message}`);
    this.name = 'OperationFailed';
    this.service = service;
  }
}

/** Null for what is no failure of a request: a bug of ours, an end by the user, an error with words of its own. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof OperationFailed) {
    return { status: 0, retryAfterSeconds: null, ...error.service };
  }
  if (!isRestError(error)) return null;
  const { code, details, message, response, statusCode } = error;
  if (statusCode === undefined) {
    return { status: 0, code: code ?? 'network', message, retryAfterSeconds: null };
  }
  const service = serviceErrorOf(details ?? response?.bodyAsText);
  const wait = response === undefined ? null : retryAfterMs(response);
  return {
    status: statusCode,
    code: service?.code ?? code ?? String(statusCode),
    message: service?.message ?? '',
    retryAfterSeconds: wait === null ? null : Math.ceil(wait / 1000),
  };
}

/**
 * @param body `{"error": {...}}`, `{"code", "message"}` or their text. The innermost detail with a code is the one that
 * says what is the matter: outer ones are `BadRequest` and the like.
 */
export function serviceErrorOf(body: unknown): ServiceError | null {
  const value = typeof body === 'string' ? parsed(body) : body;
  if (!isRecord(value)) return null;
  const error = isRecord(value['error']) ? value['error'] : value;
  const { code, message } = error;
  if (typeof code !== 'string') return null;
  const details = Array.isArray(error['details']) ? (error['details'] as readonly unknown[]) : [];
  const inner = details.map((detail) => serviceErrorOf(detail)).find((found) => found !== null);
  const words = typeof message === 'string' ? message : '';
  const says = innerSaysMore(code, inner) ? inner : { code, message: words };
  return { code: says.code, message: says.message === '' ? words : says.message };
}

const vague =
  /^(BadRequest|Conflict|UserError|ServiceError|ResourceDeploymentFailure|OperationFailed)$/;

function innerSaysMore(code: string, inner: ServiceError | undefined): inner is ServiceError {
  return inner !== undefined && vague.test(code);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // a gateway's page: the status has to do
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
