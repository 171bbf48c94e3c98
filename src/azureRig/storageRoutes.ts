/** Storage accounts in the played resource manager; what lies in them is in `storage`. */
import { notFound, ok, refused } from './answers.ts';
import type { Answer } from './answers.ts';
import { page, route } from './asked.ts';
import type { Asked, Route } from './asked.ts';
import { rigKey } from './storage/stores.ts';
import { blobRoot } from './storage/storageServer.ts';
import type { Change, RigResource } from './world.ts';

/** At pace 1; Azure takes about half a minute. */
const createSeconds = 4;

const account =
  '/subscriptions/<s>/resourceGroups/<g>/providers/Microsoft.Storage/storageAccounts/<n>';

export function storageRoutes(): readonly Route[] {
  return [
    route('GET /subscriptions/<s>/providers/Microsoft.Storage/storageAccounts', (asked) => {
      const begin = `/subscriptions/${asked.names['s'] ?? ''}/`.toLowerCase();
      const own = accountsOf(asked).filter(({ id }) => id.toLowerCase().startsWith(begin));
      return page(asked, own, (found) => accountJson(asked, found));
    }),
    route('POST /subscriptions/<s>/providers/Microsoft.Storage/checkNameAvailability', (asked) => {
      const { name = '' } = (asked.body ?? {}) as { name?: string };
      return ok(nameAnswer(asked, name));
    }),
    route(
      'GET /subscriptions/<s>/providers/Microsoft.Storage/locations/<l>/asyncoperations/<id>',
      ({ names, now, operations }) =>
        operations.result(names['id'] ?? '', now) ?? notFound('The operation'),
    ),
    route(`GET ${account}`, (asked) => ofAccount(asked, (found) => ok(accountJson(asked, found)))),
    route(`PUT ${account}`, make),
    route(`DELETE ${account}`, remove),
    route(`POST ${account}/listKeys`, (asked) => ofAccount(asked, () => ok(keysJson()))),
  ];
}

function accountsOf({ world }: Asked): readonly RigResource[] {
  return world.resources.filter(({ id }) =>
    /\/providers\/Microsoft\.Storage\/storageAccounts\/[^/]+$/i.test(id),
  );
}

function nameOf({ id }: RigResource): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function idOf({ names }: Asked): string {
  const { g = '', n = '', s = '' } = names;
  return `/subscriptions/${s}/resourceGroups/${g}/providers/Microsoft.Storage/storageAccounts/${n}`;
}

function ofAccount(asked: Asked, answer: (found: RigResource) => Answer): Answer {
  const id = idOf(asked).toLowerCase();
  const found = accountsOf(asked).find((one) => one.id.toLowerCase() === id);
  const what = `The Resource 'Microsoft.Storage/storageAccounts/${asked.names['n'] ?? ''}'`;
  return found === undefined ? notFound(what) : answer(found);
}

function nameAnswer(asked: Asked, name: string): object {
  if (!/^[a-z0-9]{3,24}$/.test(name)) {
    const message = `${name} is not a valid storage account name.`;
    return { nameAvailable: false, reason: 'AccountNameInvalid', message };
  }
  if (!accountsOf(asked).some((one) => nameOf(one) === name)) return { nameAvailable: true };
  const message = `The storage account named ${name} is already taken.`;
  return { nameAvailable: false, reason: 'AlreadyExists', message };
}

function keysJson(): object {
  const keys = ['key1', 'key2'].map((keyName) => ({ keyName, value: rigKey, permissions: 'Full' }));
  return { keys };
}

function accountJson(asked: Asked, { body, change, id, location }: RigResource): object {
  const name = id.slice(id.lastIndexOf('/') + 1);
  const { properties, ...rest } = body as { properties?: object };
  const blobs =
    asked.blobAddress === null
      ? `${asked.origin}${blobRoot}/${name}/`
      : `${asked.blobAddress}/${name}/`;
  return {
    sku: { name: 'Standard_LRS', tier: 'Standard' },
    kind: 'StorageV2',
    ...rest,
    id,
    name,
    type: 'Microsoft.Storage/storageAccounts',
    location,
    properties: {
      ...properties,
      provisioningState: change?.verb === 'create' ? 'Creating' : 'Succeeded',
      primaryEndpoints: { blob: blobs, file: `${asked.origin}/${name}/` },
    },
  };
}

function make(asked: Asked): Answer {
  const { failsLater: error, names, now, operations, origin, pace, url, world } = asked;
  const { location, ...rest } = (asked.body ?? {}) as { location?: string };
  if (location === undefined) return refused(400, 'LocationRequired', 'The location is missing.');
  const id = idOf(asked);
  const others = accountsOf(asked).filter((one) => nameOf(one) === names['n']);
  if (others.some((one) => one.id.toLowerCase() !== id.toLowerCase())) {
    const message = `The storage account named ${names['n'] ?? ''} is already taken.`;
    return refused(409, 'StorageAccountAlreadyTaken', message);
  }
  const over = now + 1000 * createSeconds * pace;
  const change: Change = { verb: 'create', begun: now, over, error };
  const made: RigResource = { id, location, body: rest, change };
  world.resources = [...world.resources.filter((one) => !others.includes(one)), made];
  const subscriptionId = names['s'] ?? '';
  const provider = 'Microsoft.Storage';
  const { id: operation } = operations.begin(change, { subscriptionId, location });
  const path = `/subscriptions/${subscriptionId}/providers/${provider}/locations/${location}/asyncoperations/${operation}`;
  const version = url.searchParams.get('api-version') ?? '';
  return {
    status: 202,
    headers: { Location: `${origin}${path}?monitor=true&api-version=${version}` },
  };
}

/** At once, as the service does. */
function remove(asked: Asked): Answer {
  const id = idOf(asked).toLowerCase();
  const left = asked.world.resources.filter((one) => one.id.toLowerCase() !== id);
  const isGone = left.length < asked.world.resources.length;
  asked.world.resources = left;
  return { status: isGone ? 200 : 204, headers: {} };
}
