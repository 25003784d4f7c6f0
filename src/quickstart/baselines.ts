/**
 * Two systems that learn nothing, to measure the trained one against.
 * @module
 */
import { cutTile, type Earth, type EarthSample } from '../data/index.ts';
import { type Coordinate, haversineKm } from '../geo/index.ts';
import { geoRDistanceReward } from '../rewards/index.ts';

/**
 * The one answer that earns most on average: the training point with the highest mean Geo-R reward
 * over the training points.
 */
export function bestConstantGuess(train: readonly EarthSample[]): Coordinate {
  const step = Math.max(1, Math.floor(train.length / 800));
  const some = train.filter((_, i) => i % step === 0);
  let best: Coordinate = some[0]!;
  let bestReward = -1;
  for (const guess of some) {
    let reward = 0;
    for (const point of some) reward += geoRDistanceReward(haversineKm(guess, point), 'paper');
    if (reward > bestReward) {
      bestReward = reward;
      best = guess;
    }
  }
  return { lat: best.lat, lon: best.lon };
}

/** Height and width of the thumbnails that are compared: 1.5 degrees a pixel. */
const THUMBNAIL_PX = 8;

/** Samples and the picture of the Earth that their tiles are cut from. */
export interface Pictured {
  readonly earth: Earth;
  readonly samples: readonly EarthSample[];
}

/**
 * Retrieval: the coordinate of the training tile that looks most alike, by the sum of squared
 * differences of small thumbnails. It keeps every training tile; the model keeps none.
 */
export function nearestTiles(stored: Pictured, asked: Pictured, spanDegrees: number): Coordinate[] {
  const train = stored.samples;
  const length = THUMBNAIL_PX * THUMBNAIL_PX * 3;
  const thumbnails = ({ earth, samples }: Pictured): Uint8Array => {
    const out = new Uint8Array(samples.length * length);
    samples.forEach(({ lat, lon }, i) => {
      cutTile(
        earth,
        { lat, lon, spanDegrees, sizePx: THUMBNAIL_PX },
        out.subarray(i * length, (i + 1) * length),
      );
    });
    return out;
  };
  const gallery = thumbnails(stored);
  const queries = thumbnails(asked);
  const galleryMeans = channelMeans(gallery, train.length);
  const queryMeans = channelMeans(queries, asked.samples.length);
  const pixels = THUMBNAIL_PX * THUMBNAIL_PX;
  return asked.samples.map((_, q) => {
    const query = queries.subarray(q * length, (q + 1) * length);
    let best = 0;
    let bestDistance = Number.POSITIVE_INFINITY;
    for (let t = 0; t < train.length; t++) {
      // Cauchy-Schwarz: a sum of squares is at least the squared sum over the count
      const red = galleryMeans[3 * t]! - queryMeans[3 * q]!;
      const green = galleryMeans[3 * t + 1]! - queryMeans[3 * q + 1]!;
      const blue = galleryMeans[3 * t + 2]! - queryMeans[3 * q + 2]!;
      if (pixels * (red * red + green * green + blue * blue) >= bestDistance) continue;
      const distance = squaredDistance(gallery, t * length, query, bestDistance);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = t;
      }
    }
    return { lat: train[best]!.lat, lon: train[best]!.lon };
  });
}

/** Mean red, green and blue of every thumbnail. */
function channelMeans(thumbnails: Uint8Array, count: number): Float64Array {
  const means = new Float64Array(3 * count);
  const length = thumbnails.length / count;
  for (let i = 0; i < thumbnails.length; i++) {
    const at = 3 * Math.floor(i / length) + (i % 3);
    means[at] = means[at]! + (thumbnails[i]! * 3) / length;
  }
  return means;
}

/** Gives up, with a sum that is too large, as soon as it exceeds `limit`. */
function squaredDistance(
  gallery: Uint8Array,
  start: number,
  query: Uint8Array,
  limit: number,
): number {
  let sum = 0;
  for (let i = 0; i < query.length; ) {
    for (const end = Math.min(query.length, i + 24); i < end; i++) {
      const difference = gallery[start + i]! - query[i]!;
      sum += difference * difference;
    }
    if (sum >= limit) return sum;
  }
  return sum;
}
