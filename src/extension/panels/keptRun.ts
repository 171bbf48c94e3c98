/** What the pages of one run's views keep for a reload; they may keep more, which is theirs alone. */
export interface KeptRun {
  readonly directory: string;
}

/** Null for what is no such thing: another version of ours may have kept it. */
export function parseKeptRun(kept: unknown): KeptRun | null {
  if (typeof kept !== 'object' || kept === null || !('directory' in kept)) return null;
  const { directory } = kept;
  return typeof directory === 'string' && directory !== '' ? { directory } : null;
}
