/** What both of the library's clients want in the same form. */

/** How many names a page has. */
const pageSize = 200;

/** One page of a listing. @param address of the page; undefined for the first. */
export async function onePage<T>(
  list: {
    byPage(settings: { maxPageSize: number; continuationToken?: string }): AsyncIterator<T>;
  },
  address: string | undefined,
): Promise<T | null> {
  const first = { maxPageSize: pageSize };
  const settings = address === undefined ? first : { ...first, continuationToken: address };
  const result: IteratorResult<T, unknown> = await list.byPage(settings).next();
  return result.done === true ? null : result.value;
}

export function ends(signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
