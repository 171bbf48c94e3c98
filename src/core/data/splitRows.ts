/**
 * Shares rows out between training, validation and test. Every row of the result occurs once: a partition,
 * unless the shares sum to less than 1; then some rows are left out.
 */

export type Part = 'train' | 'validation' | 'test';
export type Shares = Readonly<Record<Part, number>>;

/** Row indices of each part, in the order in which training sees them. */
export type SplitIndices = Readonly<Record<Part, Uint32Array>>;

export interface SplitOptions {
  /** All rows in random order; parts keep this order. */
  readonly order: Uint32Array;
  readonly shares: Shares;
  /** A group for each row (by row, not by position in `order`): each part has its share of each group. */
  readonly groups?: Int32Array | undefined;
}

/**
 * Validation takes the first rows of the order, then test, then training.
 * Part sizes are the shares of all rows, rounded; within a group they are off by less than one row.
 */
export function splitRows({ order, shares, groups }: SplitOptions): SplitIndices {
  const taken = { validation: [] as number[], test: [] as number[], train: [] as number[] };
  const quotas = groupQuotas(order, shares, groups);
  for (const row of order) {
    const quota = quotas.get(groups?.[row] ?? 0)!;
    const part = parts.find((name) => quota[name] > 0);
    if (part === undefined) continue;
    quota[part]--;
    taken[part].push(row);
  }
  return {
    train: Uint32Array.from(taken.train),
    validation: Uint32Array.from(taken.validation),
    test: Uint32Array.from(taken.test),
  };
}

const parts = ['validation', 'test', 'train'] as const;

/**
 * Rows that each part may take of each group. Rounding runs on over the groups, so that what one group
 * loses the next one gets and the totals are right.
 */
function groupQuotas(order: Uint32Array, shares: Shares, groups: Int32Array | undefined) {
  const sizes = new Map<number, number>();
  for (const row of order) {
    const group = groups?.[row] ?? 0;
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  const quotas = new Map<number, Record<Part, number>>();
  let before = 0;
  for (const [group, size] of [...sizes].sort(([a], [b]) => a - b)) {
    quotas.set(group, quotaOf(before, before + size, shares));
    before += size;
  }
  return quotas;
}

function quotaOf(from: number, to: number, shares: Shares): Record<Part, number> {
  const crossed = (share: number): number => roundShare(to * share) - roundShare(from * share);
  const validation = crossed(shares.validation);
  const test = Math.max(0, crossed(shares.validation + shares.test) - validation);
  const all = crossed(Math.min(1, shares.validation + shares.test + shares.train));
  return { validation, test, train: Math.max(0, all - validation - test) };
}

/** Rounds halves up; the little that 0.7 + 0.3 may lack to 1 is forgiven. */
function roundShare(value: number): number {
  return Math.floor(value + 0.5 + 1e-9);
}

/**
 * The indices of scikit-learn's `train_test_split(rows, test_size=shares.validation, random_state=seed)`,
 * where `order` is NumPy's `RandomState(seed).permutation(rows)`. Test rows come first there.
 */
export function sklearnSplit(order: Uint32Array, shares: Shares): SplitIndices {
  const validation = Math.ceil(shares.validation * order.length);
  const left = order.length - validation;
  const fillsUp = Math.abs(shares.train + shares.validation - 1) < 1e-9;
  const train = fillsUp ? left : Math.min(left, Math.floor(shares.train * order.length));
  return {
    validation: order.slice(0, validation),
    train: order.slice(validation, validation + train),
    test: new Uint32Array(0),
  };
}

const partNames: Readonly<Record<string, Part>> = {
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  dev: 'validation',
  test: 'test',
};

/** The part that a word in a split column names; undefined for any other word. */
export function partNamed(word: string): Part | undefined {
  const name = word.toLowerCase();
  return Object.hasOwn(partNames, name) ? partNames[name] : undefined;
}

/** Splits by a column: `partOf[i]` is the part of `rows[i]`. Rows keep their order. */
export function splitByColumn(rows: Uint32Array, partOf: (row: number) => Part): SplitIndices {
  const pick = (part: Part): Uint32Array => rows.filter((row) => partOf(row) === part);
  return { train: pick('train'), validation: pick('validation'), test: pick('test') };
}
