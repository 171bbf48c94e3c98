/** How values of a document are written for the service, and back. */
import { isRecord } from '../../shared/model/schemaKit.ts';
import type { Codec, Place } from './fields.ts';

/** Words of the document and of the service: `low_priority` and `LowPriority`. Others of the service are left out. */
export function wordCodec(words: Readonly<Record<string, string>>): Codec {
  const back = new Map(Object.entries(words).map(([own, theirs]) => [theirs.toLowerCase(), own]));
  return {
    toService: (value) => words[String(value)],
    toDocument: (value) => back.get(String(value).toLowerCase()),
  };
}

export const switchCodec: Codec = {
  toService: (value) => (value === true ? 'Enabled' : 'Disabled'),
  toDocument: (value) => (value === 'Enabled' ? true : value === 'Disabled' ? false : undefined),
};

/** Seconds and `PT120S`. */
export const secondsCodec: Codec = {
  toService: (value) => `PT${String(value)}S`,
  toDocument: (value) => durationSeconds(String(value)) ?? undefined,
};

/** @param text ISO 8601 without months and years: `PT5M`, `P1DT2H`. Null for others. */
export function durationSeconds(text: string): number | null {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (match === null || text === 'P' || text.endsWith('T')) return null;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return ((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!;
}

const identityWords = {
  none: 'None',
  system_assigned: 'SystemAssigned',
  user_assigned: 'UserAssigned',
  'system_assigned,user_assigned': 'SystemAssigned,UserAssigned',
} as const;
const identityType = wordCodec(identityWords);
export const identityTypes = Object.keys(identityWords) as [keyof typeof identityWords];

/** `{type, user_assigned_identities: [{resource_id}]}` */
export const identityCodec: Codec = {
  toService(value, place) {
    const { type, user_assigned_identities: ids } = value as IdentityDocument;
    const users =
      ids === undefined || ids.length === 0 ? {} : { userAssignedIdentities: keyed(ids) };
    return { type: identityType.toService(type, place), ...users };
  },
  toDocument(value, place) {
    if (!isRecord(value)) return undefined;
    const type = identityType.toDocument(String(value['type']).replaceAll(', ', ','), place);
    if (type === undefined || type === 'none') return undefined;
    const users = value['userAssignedIdentities'];
    if (!isRecord(users)) return { type };
    const ids = Object.keys(users).map((id) => ({ resource_id: id }));
    return { type, user_assigned_identities: ids };
  },
};

interface IdentityDocument {
  readonly type: string;
  readonly user_assigned_identities?: readonly { readonly resource_id: string }[];
}

function keyed(ids: readonly { readonly resource_id: string }[]): object {
  return Object.fromEntries(ids.map(({ resource_id: id }) => [id, {}]));
}

export interface NetworkDocument {
  readonly vnet_name?: string;
  /** A name, or the whole id of a subnet of any resource group. */
  readonly subnet: string;
}

/** Names are of networks in the workspace's resource group, as for the CLI; an id reaches every group. */
export const networkCodec: Codec = {
  toService(value, place) {
    const { subnet, vnet_name: network } = value as NetworkDocument;
    if (network === undefined || subnet.includes('/')) return { id: subnet };
    return { id: subnetId(place, network, subnet) };
  },
  toDocument(value, place) {
    const id = isRecord(value) ? value['id'] : undefined;
    if (typeof id !== 'string') return undefined;
    const [, network, subnet] = /\/virtualNetworks\/([^/]+)\/subnets\/([^/]+)$/i.exec(id) ?? [];
    if (network === undefined || subnet === undefined) return { subnet: id };
    const isHere = subnetId(place, network, subnet).toLowerCase() === id.toLowerCase();
    return isHere ? { vnet_name: network, subnet } : { subnet: id };
  },
};

function subnetId({ resourceGroup, subscriptionId }: Place, network: string, name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/virtualNetworks/${network}/subnets/${name}`;
}
