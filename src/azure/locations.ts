/** Regions of a subscription, and which of them can give a size. */
import type { AzureConnection } from './connection.ts';
import { findOffer, sizeOffers } from './sizeOffers.ts';
import type { Need, OfferWish, SizeOffer } from './sizeOffers.ts';
import { rawPage } from './subscriptions.ts';
import { listUsages } from './vmSizes.ts';
import type { VmSizes } from './vmSizes.ts';

export interface Location {
  /** `eastus` */
  readonly name: string;
  /** `East US` */
  readonly displayName: string;
  /** `US`, `Europe`; empty where the service does not say. */
  readonly geography: string;
}

interface RawLocation {
  readonly name?: string;
  readonly displayName?: string;
  readonly metadata?: { readonly regionType?: string; readonly geographyGroup?: string };
}

/** By name; those that only stand for groups of regions are left out. */
export async function listLocations(
  connection: AzureConnection,
  subscriptionId: string,
): Promise<readonly Location[]> {
  const path = `/subscriptions/${subscriptionId}/locations`;
  const { items } = await rawPage<RawLocation>(connection, path);
  return items
    .filter(({ metadata }) => metadata?.regionType !== 'Logical')
    .flatMap(({ displayName, metadata, name }) =>
      name === undefined
        ? []
        : [{ name, displayName: displayName ?? name, geography: metadata?.geographyGroup ?? '' }],
    )
    .sort((a, b) => a.displayName.localeCompare(b.displayName));
}

export interface RegionOffer {
  readonly location: Location;
  readonly offer: SizeOffer;
}

/** How many other regions are asked: each costs two requests. */
const mostRegions = 8;

/**
 * Where else the same size is to be had, cheapest first, from regions near by.
 * @param place where it is not. A region that does not answer is left out: this is only a suggestion.
 */
export async function regionsWith(
  connection: AzureConnection,
  sizes: VmSizes,
  {
    need,
    place,
    wish,
  }: {
    readonly need: Need;
    readonly place: { readonly subscriptionId: string; readonly location: string };
    readonly wish: OfferWish;
  },
): Promise<readonly RegionOffer[]> {
  const { subscriptionId } = place;
  const all = await listLocations(connection, subscriptionId);
  const here = all.find(({ name }) => name === place.location);
  const near = all.filter(
    ({ geography, name }) =>
      name !== place.location && (here === undefined || geography === here.geography),
  );
  const found = await Promise.all(
    near.slice(0, mostRegions).map(async (location): Promise<readonly RegionOffer[]> => {
      const region = { subscriptionId, location: location.name };
      try {
        const parts = await Promise.all([sizes.list(region), listUsages(connection, region)]);
        const offer = findOffer(sizeOffers(...parts, wish), need.size);
        const isEnough = offer !== undefined && (offer.left ?? 0) >= Math.max(1, need.machines);
        return isEnough ? [{ location, offer }] : [];
      } catch {
        return []; // the region may not know Machine Learning
      }
    }),
  );
  const price = ({ offer }: RegionOffer) => offer.price?.amount ?? Infinity;
  return found.flat().sort((a, b) => price(a) - price(b));
}
