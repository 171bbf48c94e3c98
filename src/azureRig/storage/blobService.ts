/**
 * Plays the service of blobs, as far as our client uses it, so that the Demo Cloud has something to open. Tests of what blobs
 * really do run against Azurite.
 */
import { newStore } from './stores.ts';
import type { RigStore } from './stores.ts';
import { content, escaped, failure, pageOf, xml } from './wire.ts';
import type { StorageAnswer, StorageAsked } from './wire.ts';

/** Blocks that are not yet part of a blob, by store, path and id. */
type Blocks = Map<string, Buffer>;
const blocksOf = new WeakMap<RigStore, Blocks>();

export function answerBlobs(asked: StorageAsked): StorageAnswer {
  const { account, method, path, query, store, stores } = asked;
  if (store === '') return listContainers(asked);
  const found = stores.find(
    (one) => one.service === 'blob' && one.account === account && one.name === store,
  );
  if (query.get('restype') === 'container' && method === 'PUT') {
    if (found !== undefined) return failure(409, 'ContainerAlreadyExists');
    stores.push(newStore('blob', account, store));
    return { status: 201 };
  }
  if (found === undefined) return failure(404, 'ContainerNotFound');
  if (path !== '') return answerBlob(asked, found);
  if (method === 'DELETE') {
    stores.splice(stores.indexOf(found), 1);
    return { status: 202 };
  }
  return query.get('comp') === 'list' ? listBlobs(asked, found) : { status: 200 };
}

function listContainers(asked: StorageAsked): StorageAnswer {
  const own = asked.stores.filter(
    ({ account, service }) => service === 'blob' && account === asked.account,
  );
  const { items, next } = pageOf(asked, own);
  const containers = items.map(
    ({ name }) =>
      `<Container><Name>${name}</Name><Properties><Last-Modified>${stamp(asked.now)}</Last-Modified><Etag>"1"</Etag></Properties></Container>`,
  );
  return xml(
    `<EnumerationResults ServiceEndpoint=""><Containers>${containers.join('')}</Containers><NextMarker>${next}</NextMarker></EnumerationResults>`,
  );
}

function listBlobs(asked: StorageAsked, { files, name: container }: RigStore): StorageAnswer {
  const prefix = asked.query.get('prefix') ?? '';
  const delimiter = asked.query.get('delimiter') ?? '';
  const names = [...files.keys()].filter((name) => name.startsWith(prefix));
  const cut = (name: string) => {
    const end = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
    return end < 0 ? name : name.slice(0, end + 1);
  };
  const all = [...new Set(names.map(cut))].map((name) => ({ name }));
  const { items, next } = pageOf(asked, all);
  const entries = items.map(({ name }) => {
    const file = files.get(name);
    if (file === undefined) {
      return `<BlobPrefix><Name>${escaped(name)}</Name></BlobPrefix>`;
    }
    return (
      `<Blob><Name>${escaped(name)}</Name><Properties><Last-Modified>${stamp(file.modified)}</Last-Modified><Etag>"1"</Etag>` +
      `<Content-Length>${file.bytes.length}</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>`
    );
  });
  return xml(
    `<EnumerationResults ServiceEndpoint="" ContainerName="${container}"><Prefix>${escaped(prefix)}</Prefix>` +
      `<Blobs>${entries.join('')}</Blobs><NextMarker>${escaped(next)}</NextMarker></EnumerationResults>`,
  );
}

function answerBlob(asked: StorageAsked, store: RigStore): StorageAnswer {
  const { method, now, path, query } = asked;
  const file = store.files.get(path);
  if (method === 'PUT') {
    if (query.get('comp') === 'block') return putBlock(asked, store);
    if (asked.headers['if-none-match'] === '*' && file !== undefined) {
      return failure(409, 'BlobAlreadyExists');
    }
    const isList = query.get('comp') === 'blocklist';
    const bytes = isList ? joined(asked, store) : asked.body;
    if (bytes === null) return failure(400, 'InvalidBlockList');
    store.files.set(path, { bytes, modified: now });
    return { status: 201, headers: { ETag: '"1"', 'Last-Modified': stamp(now) } };
  }
  if (file === undefined) return failure(404, 'BlobNotFound');
  if (method === 'DELETE') {
    store.files.delete(path);
    return { status: 202 };
  }
  const answer = content(asked, file);
  return { ...answer, headers: { ...answer.headers, 'x-ms-blob-type': 'BlockBlob' } };
}

function putBlock({ body, path, query }: StorageAsked, store: RigStore): StorageAnswer {
  const blocks = blocksOf.get(store) ?? new Map<string, Buffer>();
  blocks.set(`${path}\n${query.get('blockid') ?? ''}`, body);
  blocksOf.set(store, blocks);
  return { status: 201 };
}

function joined({ body, path }: StorageAsked, store: RigStore): Buffer | null {
  const ids = [...body.toString('utf8').matchAll(/<Latest>([^<]+)<\/Latest>/g)];
  const parts = ids.map(([, id]) => blocksOf.get(store)?.get(`${path}\n${id ?? ''}`) ?? null);
  return parts.includes(null) ? null : Buffer.concat(parts.flatMap((part) => part ?? []));
}

function stamp(time: number): string {
  return new Date(time).toUTCString();
}
