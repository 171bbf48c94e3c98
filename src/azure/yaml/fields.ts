/** One field of a YAML document and where the service has it: documents become requests, and answers documents, by such lists. */
import { isRecord } from '../../shared/model/schemaKit.ts';
import type { WorkspaceId } from '../resourceIds.ts';

/** Where a compute stands or shall stand: what names in a document are relative to. */
export interface Place extends WorkspaceId {
  /** Region: `eastus`. */
  readonly location: string;
}

/** From a checked value of the document to the service's form and back. `undefined` leaves the field out. */
export interface Codec {
  toService(value: unknown, place: Place): unknown;
  toDocument(value: unknown, place: Place): unknown;
}

export interface Field {
  /** In the document: `ssh_settings.admin_username`. */
  readonly key: string;
  /** In the body: `properties.properties.vmSize`. */
  readonly at: string;
  /** Absent where both forms are alike. */
  readonly codec?: Codec;
  /** First version of the interface that knows it, where that is newer than what we speak by default. */
  readonly since?: string;
}

export type Tree = Record<string, unknown>;

export interface BothForms {
  readonly body: Tree;
  readonly document: Tree;
  readonly place: Place;
}

/** @param document checked. Adds to `body`, which it returns. */
export function writeFields(fields: readonly Field[], { body, document, place }: BothForms): Tree {
  for (const { at, codec, key } of fields) {
    const value = valueIn(document, key);
    if (value === undefined) continue;
    const sent = codec === undefined ? value : codec.toService(value, place);
    if (sent !== undefined) put(body, at, sent);
  }
  return body;
}

/** @param body as the service answers. Adds to `document`, which it returns. */
export function readFields(fields: readonly Field[], { body, document, place }: BothForms): Tree {
  for (const { at, codec, key } of fields) {
    const value = valueIn(body, at);
    if (value === undefined || value === null) continue;
    const shown = codec === undefined ? value : codec.toDocument(value, place);
    if (shown !== undefined) put(document, key, shown);
  }
  return document;
}

/** The newest version that a document needs; null where the default does. */
export function versionFor(fields: readonly Field[], document: Tree): string | null {
  const wanted = fields.flatMap(({ key, since }) =>
    since !== undefined && valueIn(document, key) !== undefined ? [since] : [],
  );
  return wanted.sort().at(-1) ?? null;
}

/** @param path names with points between. */
export function valueIn(tree: unknown, path: string): unknown {
  let value: unknown = tree;
  for (const step of path.split('.')) {
    if (!isRecord(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

/** Changes the tree. @param path names with points between; what lacks on the way is made. */
export function put(tree: Tree, path: string, value: unknown): void {
  const steps = path.split('.');
  let inner = tree;
  for (const step of steps.slice(0, -1)) {
    const next = isRecord(inner[step]) ? inner[step] : {};
    inner[step] = next;
    inner = next;
  }
  inner[steps.at(-1) ?? path] = value;
}

/** @returns a copy without what is at these places; objects that this empties go, too. */
export function without(tree: Tree, paths: readonly string[]): Tree {
  const entries = Object.entries(tree).flatMap(([name, value]) => {
    if (paths.includes(name)) return [];
    const below = paths
      .filter((path) => path.startsWith(`${name}.`))
      .map((path) => path.slice(name.length + 1));
    if (below.length === 0 || !isRecord(value)) return [[name, value] as const];
    const left = without(value, below);
    return Object.keys(left).length === 0 ? [] : [[name, left] as const];
  });
  return Object.fromEntries(entries);
}
