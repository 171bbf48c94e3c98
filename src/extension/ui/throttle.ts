/** Runs at once, then at most once an interval; what was asked for meanwhile happens at its end. */
export interface Throttled {
  (): void;
  /** Drops what is still to come. */
  dispose(): void;
}

export function throttle(action: () => void, intervalMs: number): Throttled {
  let timer: NodeJS.Timeout | null = null;
  let asked = false;
  const rest = () => {
    timer = null;
    if (asked) run();
  };
  const run = () => {
    asked = false;
    timer = setTimeout(rest, intervalMs);
    action();
  };
  const ask = () => {
    asked = true;
    if (timer === null) run();
  };
  return Object.assign(ask, {
    dispose() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      asked = false;
    },
  });
}
