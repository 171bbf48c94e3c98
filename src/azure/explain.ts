/** Failures of Azure as one sentence: the service's code, what it means, and what to do next. */
import { AppError } from '../shared/errors.ts';
import type { ErrorCode } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import { systemReason } from '../shared/systemReason.ts';
import { failureOf } from './failures.ts';
import type { Failure } from './failures.ts';

/** What was tried, for the sentence. */
export interface Attempt {
  /** Name of the resource or the subscription: `cpu-cluster`. */
  readonly what: string;
  /** A role that allows it: `Reader` to look, `Contributor` to change. */
  readonly role:
    | 'Reader'
    | 'AzureML Compute Operator'
    | 'AzureML Data Scientist'
    | 'Contributor'
    | 'Storage Blob Data Contributor'
    | 'Storage File Data Privileged Contributor';
}

/** Runs a piece of work; its failure comes as an AppError with a sentence. */
export async function explained<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, attempt);
  }
}

/** @returns the error itself where it has its own words. */
export function explain(error: unknown, attempt: Attempt): unknown {
  if (error instanceof Error && error.name === 'AbortError') {
    return new AppError('protocol.cancelled', say`cancelled`, { cause: error });
  }
  if (isCredentialError(error)) {
    return new AppError('azure.signIn', say`Azure gave no token: ${firstLine(error)}`, {
      cause: error,
    });
  }
  const failure = failureOf(error);
  if (failure === null) return error;
  const meaning = meanings.find(({ fits }) => fits(failure));
  const code = meaning?.code ?? 'azure.failed';
  const sentence = (meaning?.says ?? other)(failure, attempt);
  return new AppError(code, sentence, { cause: error });
}

interface Meaning {
  readonly code: ErrorCode;
  readonly fits: (failure: Failure) => boolean;
  readonly says: (failure: Failure, attempt: Attempt) => string;
}

const byCode = (pattern: RegExp) => (failure: Failure) => pattern.test(failure.code);

/** The first that fits counts. Codes of a family first: a quota comes as 400, 403, 409 or after an accepted request. */
const meanings: readonly Meaning[] = [
  {
    code: 'azure.quota',
    fits: ({ code, message }) =>
      /quota|skunotavailable|capacity|allocationfailed|overconstrained/i.test(code) ||
      (/^(BadRequest|Conflict|UserError)$/.test(code) && /\bquota\b|core limit/i.test(message)),
    says: ({ code, message }, { what }) =>
      say`The quota does not allow ${what} (${code}). Choose another size or region, or request more quota in the Azure portal. Azure says: ${message}`,
  },
  {
    code: 'azure.nameTaken',
    fits: byCode(/nametaken|namenotavailable|alreadyexists|alreadytaken|nameinuse|softdeleted/i),
    says: ({ code }, { what }) =>
      say`The name ${what} is taken (${code}). Choose another one, or use what has it.`,
  },
  {
    code: 'azure.throttled',
    fits: ({ status, code }) => status === 429 || /toomanyrequests|throttl/i.test(code),
    says: ({ code, retryAfterSeconds }, { what }) =>
      retryAfterSeconds === null
        ? say`Azure takes no more requests for ${what} now (${code}). Wait a minute and try again.`
        : say`Azure takes no more requests for ${what} now (${code}). Try again in ${retryAfterSeconds} s.`,
  },
  {
    code: 'azure.signIn',
    fits: ({ status, code }) => status === 401 || /authenticationtoken|^ExpiredToken/i.test(code),
    says: ({ code }, { what }) =>
      say`Azure does not take your sign-in for ${what} (${code}). Sign in again.`,
  },
  {
    code: 'azure.forbidden',
    fits: ({ status, code }) => status === 403 || /authorizationfailed|forbidden/i.test(code),
    says: ({ code }, { what, role }) =>
      say`You may not do this with ${what} (${code}). Ask its owner for the role ${role}, then refresh.`,
  },
  {
    code: 'azure.notFound',
    fits: ({ status, code }) => status === 404 || /notfound$/i.test(code),
    says: ({ code }, { what }) =>
      say`${what} is not there (${code}): somebody may have deleted it. Refresh what is shown.`,
  },
  {
    code: 'azure.conflict',
    fits: ({ status, code }) =>
      status === 409 || status === 412 || /conflict|inprogress/i.test(code),
    says: ({ code, message }, { what }) =>
      say`${what} is busy with something else (${code}). Wait until that is over and try again. Azure says: ${message}`,
  },
  {
    code: 'azure.invalid',
    fits: ({ status }) => status === 400 || status === 422,
    says: ({ code, message }, { what }) =>
      say`Azure does not accept the values for ${what} (${code}). Change what it names: ${message}`,
  },
  {
    code: 'azure.network',
    fits: ({ status, code }) =>
      status === 0 && /^(E[A-Z_]+|network|REQUEST_SEND_ERROR|PARSE_ERROR)$/.test(code),
    says: ({ code, message }) =>
      say`Azure cannot be reached: ${systemReason(code) ?? message}. Check the network and the proxy (setting http.proxy), then try again.`,
  },
];

function other({ code, message, status }: Failure, { what }: Attempt): string {
  const known = status === 0 ? code : `${code}, ${status}`;
  return say`Azure failed at ${what} (${known}). Try again in a while. Azure says: ${message}`;
}

/** Of `@azure/identity`, recognised by name because its package is loaded late. */
function isCredentialError(error: unknown): error is Error {
  const names = [
    'CredentialUnavailableError',
    'AuthenticationError',
    'AuthenticationRequiredError',
  ];
  return error instanceof Error && names.includes(error.name);
}

function firstLine({ message }: Error): string {
  return message.split('\n')[0] ?? message;
}
