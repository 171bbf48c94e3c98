/** Requests as handlers see them, and the routes by which they find their handler. */
import { notFound, ok } from './answers.ts';
import type { Answer } from './answers.ts';
import type { Operations } from './operations.ts';
import type { RigError, RigWorkspace, World } from './world.ts';

/** A request with what its handler needs to know. */
export interface Asked {
  readonly world: World;
  readonly operations: Operations;
  /** `https://host` for addresses in answers. */
  readonly origin: string;
  readonly now: number;
  readonly pace: number;
  readonly pageSize: number;
  /** Of another service for blobs than the rig's own; null for that. */
  readonly blobAddress: string | null;
  /** Of the token; null for one that sees all. */
  readonly tenantId: string | null;
  readonly method: string;
  readonly url: URL;
  /** Groups of the route's pattern. */
  readonly names: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly failsLater: RigError | null;
}

export interface Route {
  readonly at: RegExp;
  readonly answer: (asked: Asked) => Answer;
}

const workspacePattern =
  '/subscriptions/(?<subscription>[^/]+)/resourceGroups/(?<group>[^/]+)/providers/Microsoft.MachineLearningServices/workspaces/(?<workspace>[^/]+)';

/** `METHOD /path`; names in angle brackets are groups. */
export function route(pattern: string, answer: Route['answer']): Route {
  const source = pattern
    .replace('{workspace}', workspacePattern)
    .replaceAll('.', '\\.')
    .replace(/<(\w+)>/g, (hole, name: string, at: number, all: string) =>
      all[at - 1] === '?' ? hole : `(?<${name}>[^/]+)`,
    );
  return { at: new RegExp(`^${source}$`, 'i'), answer };
}

/** Answers for a workspace that is there. */
export function inWorkspace(asked: Asked, answer: (found: RigWorkspace) => Answer): Answer {
  const { subscription, group, workspace } = asked.names;
  const same = (a: string, b: string | undefined) => a.toLowerCase() === b?.toLowerCase();
  const found = asked.world.workspaces.find(
    ({ subscriptionId, resourceGroup, name }) =>
      same(subscriptionId, subscription) && same(resourceGroup, group) && same(name, workspace),
  );
  return found === undefined ? notFound(`The workspace '${workspace ?? ''}'`) : answer(found);
}

/** One page of a list, with the address of the next one. */
export function page<T>(asked: Asked, all: readonly T[], json: (item: T) => object): Answer {
  const { origin, pageSize, url } = asked;
  const skip = Number(url.searchParams.get('$skip') ?? 0);
  const end = skip + pageSize;
  const next = new URL(url.pathname + url.search, origin);
  next.searchParams.set('$skip', String(end));
  return ok({
    value: all.slice(skip, end).map(json),
    ...(end < all.length ? { nextLink: next.href } : {}),
  });
}
