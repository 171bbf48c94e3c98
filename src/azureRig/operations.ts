/** Operations under way, and the two addresses by which clients follow them. */
import { errorBody } from './answers.ts';
import type { Answer } from './answers.ts';
import type { Change } from './world.ts';

interface Operation {
  readonly id: string;
  readonly change: Change;
  readonly location: string;
  readonly subscriptionId: string;
}

export class Operations {
  readonly #operations = new Map<string, Operation>();

  /** @returns its id, and the paths of status and result at the service of Machine Learning. */
  begin(
    change: Change,
    { subscriptionId, location }: Pick<Operation, 'subscriptionId' | 'location'>,
  ): { readonly id: string; readonly status: string; readonly result: string } {
    const id = `op-${this.#operations.size + 1}`;
    this.#operations.set(id, { id, change, location, subscriptionId });
    const base = `/subscriptions/${subscriptionId}/providers/Microsoft.MachineLearningServices/locations/${location}`;
    return {
      id,
      status: `${base}/computeOperationsStatus/${id}`,
      result: `${base}/computeOperationsResults/${id}`,
    };
  }

  /** Azure-AsyncOperation: always 200, the state is in the body. */
  status(id: string, now: number): Answer | null {
    const operation = this.#operations.get(id);
    if (operation === undefined) return null;
    const { begun, over, error } = operation.change;
    const isOver = now >= over;
    const status = isOver ? (error === null ? 'Succeeded' : 'Failed') : 'InProgress';
    return {
      status: 200,
      headers: isOver ? {} : { 'Retry-After': retryAfter(operation, now) },
      body: {
        id,
        status,
        startTime: new Date(begun).toISOString(),
        ...(isOver ? { endTime: new Date(over).toISOString() } : {}),
        ...(isOver && error !== null ? { error } : {}),
      },
    };
  }

  /** Location: 202 until it is over. */
  result(id: string, now: number): Answer | null {
    const operation = this.#operations.get(id);
    if (operation === undefined) return null;
    const { over, error } = operation.change;
    if (now < over) return { status: 202, headers: { 'Retry-After': retryAfter(operation, now) } };
    if (error === null) return { status: 200, headers: {} };
    return { status: 409, headers: {}, body: errorBody(error.code, error.message) };
  }
}

/** In seconds: short where the operation is, so that a fast rig is not waited for. */
function retryAfter({ change }: Operation, now: number): string {
  return change.over - now < 1000 ? '0' : '1';
}
