/** Where a series breaks: by the flags of its buckets, so that only one of them is read. */
import { breakingFlags, type NearestPoint } from '../shared/plot/plotAnswer.ts';
import type { PointPlaces } from '../shared/plot/view.ts';
import type { Points } from './points.ts';
import { bucketPoints } from './pyramid.ts';
import type { Reading } from './reading.ts';
import { placesInFile } from './wholeRange.ts';

export function* firstNotFinite(
  points: Points,
  places: PointPlaces,
  from: number,
): Reading<NearestPoint | null> {
  const { origin, stride } = placesInFile(points, places);
  const start = Math.max(Math.ceil((from - origin) / stride), 0);
  for (let at = start; at < points.count;) {
    const bucket = Math.floor(at / bucketPoints);
    const begin = bucket * bucketPoints;
    const end = Math.min(begin + bucketPoints, points.count);
    if ((points.pyramid.flags(bucket) & breakingFlags(false)) !== 0) {
      const values = (yield [bucket])(bucket);
      for (; at < end; at++) {
        const value = values[at - begin]!;
        if (!Number.isFinite(value)) return { x: origin + stride * at, value };
      }
    }
    at = end;
  }
  return null;
}
