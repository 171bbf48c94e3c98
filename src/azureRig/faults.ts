/** What goes wrong in the played cloud, on demand. */
import { errorBody } from './answers.ts';
import type { Answer } from './answers.ts';
import type { RigError } from './world.ts';

export interface Fault {
  /** Of `METHOD path`. */
  readonly at: RegExp;
  /** How often; forever where it is absent. */
  readonly times?: number;
  /** In place of the true answer. `drop` cuts the connection. */
  readonly answer?: Answer | 'drop';
  /** The answer comes so much later. */
  readonly delayMs?: number;
  /** The operation that the request starts is accepted and fails at its end. */
  readonly failsLater?: RigError;
}

export class Faults {
  #faults: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? Infinity });
  }

  clear(): void {
    this.#faults = [];
  }

  /** The first that fits; counts as used. */
  take(request: string): Fault | null {
    const found = this.#faults.find(({ fault, left }) => left > 0 && fault.at.test(request));
    if (found === undefined) return null;
    found.left--;
    return found.fault;
  }
}

export function throttled(seconds: number): Answer {
  return {
    status: 429,
    headers: { 'Retry-After': String(seconds) },
    body: errorBody('TooManyRequests', 'The request is being throttled.'),
  };
}

/** A second factor is wanted. The rig takes any new token afterwards. */
export function claimsChallenge(claims: object): Answer {
  const encoded = Buffer.from(JSON.stringify(claims)).toString('base64');
  const challenge =
    'Bearer authorization_uri="https://login.example/common/oauth2/authorize", ' +
    `error="insufficient_claims", claims="${encoded}"`;
  return {
    status: 401,
    headers: { 'WWW-Authenticate': challenge },
    body: errorBody('InvalidAuthenticationToken', 'Continuous access evaluation wants more.'),
  };
}

export function forbidden(scope: string): Answer {
  const message = `The client does not have authorization to perform this action over scope '${scope}'.`;
  return { status: 403, headers: {}, body: errorBody('AuthorizationFailed', message) };
}
