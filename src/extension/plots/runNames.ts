/** What runs are called where several are shown: their names, and what tells those apart that share one. */
import path from 'node:path';

interface Named {
  readonly directory: string;
  readonly name: string;
}

/** The folder's name has the time in it; where even that is the same, its number here. */
export function runNames(runs: readonly Named[]): readonly string[] {
  const count = counted(runs.map(({ name }) => name));
  const names = runs.map(({ name, directory }) =>
    count.get(name) === 1 ? name : path.basename(directory),
  );
  const again = counted(names);
  return names.map((name, i) => (again.get(name) === 1 ? name : `${name} (${i + 1})`));
}

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
