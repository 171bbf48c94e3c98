/** What a crosshair shows of a series. */
import type { NearestPoint } from '../shared/plot/plotAnswer.ts';
import type { PointPlaces } from '../shared/plot/view.ts';
import type { Points } from './points.ts';
import { bucketPoints } from './pyramid.ts';
import type { Reading } from './reading.ts';
import { placesInFile } from './wholeRange.ts';

/** The point nearest to x, however far away; of two at the same distance the later one. Null where there is none. */
export function* nearestPoint(
  points: Points,
  places: PointPlaces,
  x: number,
): Reading<NearestPoint | null> {
  const { origin, stride } = placesInFile(points, places);
  const { count } = points;
  if (count === 0) return null;
  const nearest = Math.round((x - origin) / stride);
  const point = Math.min(Math.max(nearest, 0), count - 1);
  const bucket = Math.floor(point / bucketPoints);
  const read = yield [bucket];
  return { x: origin + stride * point, value: read(bucket)[point - bucket * bucketPoints]! };
}
