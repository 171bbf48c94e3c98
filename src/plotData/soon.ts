/**
 * What is mostly there at once, and else comes later. A thousand lines are asked for at a touch of the mouse: to wait for
 * each of them, though nearly all are in memory, would take longer than all that is done with them.
 */
export type Soon<T> = T | Promise<T>;

/** Goes on with a value: at once where it is there. */
export function after<T, U>(value: Soon<T>, next: (value: T) => Soon<U>): Soon<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** All of them, in their order: at once where none is late. */
export function all<T>(values: readonly Soon<T>[]): Soon<readonly T[]> {
  const isLate = values.some((value) => value instanceof Promise);
  return isLate ? Promise.all(values) : (values as readonly T[]);
}
