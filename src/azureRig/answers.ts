/** Answers in the forms of the resource manager. */

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export function ok(body: unknown): Answer {
  return { status: 200, headers: {}, body };
}

export function notFound(what: string): Answer {
  return {
    status: 404,
    headers: {},
    body: errorBody('ResourceNotFound', `${what} was not found.`),
  };
}

export function refused(status: number, code: string, message: string): Answer {
  return { status, headers: {}, body: errorBody(code, message) };
}

export function errorBody(code: string, message: string): object {
  return { error: { code, message } };
}
