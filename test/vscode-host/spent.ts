/** Where the time of UI tests goes: counted for `TRAINBENCH_TEST_TIMES=1`, see `test/ui/README.md`. */
const spent = new Map<string, { count: number; milliseconds: number }>();
const running = new Set<string>();

/** Counts what `act` takes for `what`; of calls within calls of the same name only the outer one. */
export async function counted<T>(what: string, act: () => Promise<T>): Promise<T> {
  if (running.has(what)) return act();
  running.add(what);
  const started = performance.now();
  try {
    return await act();
  } finally {
    running.delete(what);
    add(what, performance.now() - started);
  }
}

export function add(what: string, milliseconds: number): void {
  const entry = spent.get(what) ?? { count: 0, milliseconds: 0 };
  spent.set(what, { count: entry.count + 1, milliseconds: entry.milliseconds + milliseconds });
}

/** What was counted since the last call, as lines. */
export function takeSpent(): readonly string[] {
  const rows = [...spent].sort(([, a], [, b]) => b.milliseconds - a.milliseconds);
  spent.clear();
  return rows.map(([what, { count, milliseconds }]) => {
    const seconds = (milliseconds / 1000).toFixed(1).padStart(7);
    return `${seconds} s ${String(count).padStart(5)} x  ${what}`;
  });
}
