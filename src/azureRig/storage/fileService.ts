/** Plays the service of file shares, as far as our client uses it: Azurite has none. */
import { newStore } from './stores.ts';
import type { RigStore } from './stores.ts';
import { content, escaped, failure, pageOf, rangeOf, xml } from './wire.ts';
import type { StorageAnswer, StorageAsked } from './wire.ts';

export function answerFiles(asked: StorageAsked): StorageAnswer {
  const { account, method, path, query, store, stores } = asked;
  if (store === '') return listShares(asked);
  const found = sharesOf(asked).find(({ name }) => name === store);
  if (query.get('restype') === 'share' && method === 'PUT') {
    if (found !== undefined) return failure(409, 'ShareAlreadyExists');
    stores.push(newStore('file', account, store));
    return { status: 201 };
  }
  if (found === undefined) return failure(404, 'ShareNotFound');
  if (query.get('restype') === 'directory') return answerFolder(asked, found);
  if (path !== '') return answerFile(asked, found);
  if (method !== 'DELETE') return { status: 200 };
  stores.splice(stores.indexOf(found), 1);
  return { status: 202 };
}

/** A renaming by a made-up token does not say whose shares it means: then all. */
function sharesOf({ account, stores }: StorageAsked): readonly RigStore[] {
  return stores.filter((one) => one.service === 'file' && [one.account, ''].includes(account));
}

function listShares(asked: StorageAsked): StorageAnswer {
  const { items, next } = pageOf(asked, sharesOf(asked));
  const shares = items.map(
    ({ name }) =>
      `<Share><Name>${name}</Name><Properties><Last-Modified>${stamp(asked.now)}</Last-Modified><Etag>"1"</Etag><Quota>5120</Quota></Properties></Share>`,
  );
  return xml(
    `<EnumerationResults ServiceEndpoint=""><Shares>${shares.join('')}</Shares><NextMarker>${next}</NextMarker></EnumerationResults>`,
  );
}

function answerFolder(asked: StorageAsked, store: RigStore): StorageAnswer {
  const { method, path, query } = asked;
  const isThere = path === '' || store.folders.has(path);
  if (method === 'PUT') {
    if (isThere) return failure(409, 'ResourceAlreadyExists');
    if (!hasFolder(store, above(path))) return failure(404, 'ParentNotFound');
    store.folders.add(path);
    return { status: 201, headers: facts(asked.now) };
  }
  if (!isThere) return failure(404, 'ResourceNotFound');
  if (method === 'DELETE') {
    if (below(store, path).length > 0) return failure(409, 'DirectoryNotEmpty');
    store.folders.delete(path);
    return { status: 202 };
  }
  return query.get('comp') === 'list'
    ? listFolder(asked, store)
    : { status: 200, headers: facts(asked.now) };
}

function listFolder(asked: StorageAsked, store: RigStore): StorageAnswer {
  const { path } = asked;
  const all = below(store, path).map((full) => ({
    name: full.slice(path === '' ? 0 : path.length + 1),
  }));
  const { items, next } = pageOf(asked, all);
  const entries = items.map(({ name }) => {
    const file = store.files.get(path === '' ? name : `${path}/${name}`);
    if (file === undefined) {
      return `<Directory><Name>${escaped(name)}</Name><Properties/></Directory>`;
    }
    const { bytes, modified } = file;
    return (
      `<File><Name>${escaped(name)}</Name><Properties><Content-Length>${bytes.length}</Content-Length>` +
      `<Last-Modified>${stamp(modified)}</Last-Modified></Properties></File>`
    );
  });
  return xml(
    `<EnumerationResults ServiceEndpoint="" ShareName="${store.name}" DirectoryPath="${escaped(path)}">` +
      `<Entries>${entries.join('')}</Entries><NextMarker>${escaped(next)}</NextMarker></EnumerationResults>`,
  );
}

function answerFile(asked: StorageAsked, store: RigStore): StorageAnswer {
  const { method, path, query } = asked;
  if (method === 'PUT' && query.get('comp') === 'rename') return rename(asked, store);
  if (method === 'PUT' && query.get('comp') !== 'range') return create(asked, store);
  const file = store.files.get(path);
  if (file === undefined) return failure(404, 'ResourceNotFound');
  if (method === 'PUT') {
    const [from = 0] = rangeOf(asked) ?? [];
    asked.body.copy(file.bytes, from);
    file.modified = asked.now;
    return { status: 201, headers: facts(asked.now) };
  }
  if (method === 'DELETE') {
    store.files.delete(path);
    return { status: 202 };
  }
  return content(asked, file);
}

/** As large as it will be, and empty at first. */
function create({ headers, now, path }: StorageAsked, store: RigStore): StorageAnswer {
  if (!hasFolder(store, above(path))) return failure(404, 'ParentNotFound');
  const size = Number(headers['x-ms-content-length'] ?? 0);
  store.files.set(path, { bytes: Buffer.alloc(size), modified: now });
  return { status: 201, headers: facts(now) };
}

function rename({ headers, path, now }: StorageAsked, store: RigStore): StorageAnswer {
  const source = new URL(String(headers['x-ms-file-rename-source']));
  const from = decodeURIComponent(source.pathname).split(`/${store.name}/`).slice(1).join('/');
  const file = store.files.get(from);
  if (file === undefined) return failure(404, 'ResourceNotFound');
  const replaces = headers['x-ms-file-rename-replace-if-exists'] === 'true';
  if (store.files.has(path) && !replaces) return failure(409, 'ResourceAlreadyExists');
  store.files.delete(from);
  store.files.set(path, file);
  return { status: 200, headers: facts(now) };
}

/** Full paths of what lies right in a folder. */
function below({ files, folders }: RigStore, path: string): readonly string[] {
  return [...folders, ...files.keys()].filter((full) => full !== '' && above(full) === path);
}

function hasFolder({ folders }: RigStore, path: string): boolean {
  return path === '' || folders.has(path);
}

function above(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function stamp(time: number): string {
  return new Date(time).toUTCString();
}

function facts(now: number): Readonly<Record<string, string>> {
  return { ETag: '"1"', 'Last-Modified': stamp(now) };
}
