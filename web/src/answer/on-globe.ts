/**
 * An answer on the globe: its point, its samples, its circles, and the way to where a tile was cut.
 * @module
 */
import { tileLonSpanDegrees } from '../../../src/data/browser/index.ts';
import type { Globe } from '../globe/globe.ts';
import type { Marker } from '../globe/markers.ts';
import type { Overlay } from '../globe/overlay.ts';
import type { Point, TileCut } from '../shared/events.ts';
import { degreesText } from '../shared/text.ts';
import type { Finding } from './finding.ts';

/** Degrees of a great circle in a kilometre. */
const DEGREES_PER_KM = 360 / (2 * Math.PI * 6371);

/** Samples at one place share a dot. */
function sampleMarkers({ samples, decimals }: Finding): Marker[] {
  const places = new Map<string, { point: Point; words: string; count: number }>();
  for (const { point, words, count } of samples) {
    if (!point) continue;
    const key = `${point.lat},${point.lon}`;
    const known = places.get(key);
    if (known) known.count += count;
    else places.set(key, { point, words, count });
  }
  return [...places.values()].map(({ point, words, count }) => ({
    ...point,
    kind: 'sample',
    count,
    label: `${count > 1 ? `${count} answers` : 'An answer'}: ${words}, ${degreesText(point, decimals)}`,
  }));
}

/** The edge of a tile. */
export const frameOf = (cut: TileCut): NonNullable<Overlay['frame']> => ({
  centre: cut,
  spanDegrees: cut.spanDegrees,
  lonSpan: tileLonSpanDegrees(cut.lat, cut.spanDegrees),
});

/** Draws a finding and turns the globe to it. */
export function showFinding(globe: Globe, finding: Finding, cut: TileCut | undefined): void {
  const { point, radiusKm, truth } = finding;
  const markers: Marker[] = finding.asked > 1 ? sampleMarkers(finding) : [];
  if (cut)
    markers.push({
      lat: cut.lat,
      lon: cut.lon,
      kind: 'cut',
      label: `The tile was cut at ${degreesText(cut)}`,
    });
  if (point)
    markers.push({
      ...point,
      kind: 'answer',
      label: `Answer: ${finding.headline}, ${degreesText(point, finding.decimals)}`,
    });
  globe.show({
    markers,
    circles:
      point && radiusKm
        ? [
            { centre: point, radiusKm: radiusKm.most, dashed: true },
            { centre: point, radiusKm: radiusKm.half, dashed: false },
          ]
        : [],
    ...(cut && { frame: frameOf(cut) }),
    ...(cut && point && { line: [cut, point] as const }),
  });
  const centre = point ?? cut;
  if (!centre) return;
  const reachKm = Math.max(radiusKm?.most ?? 0, point && truth ? truth.distanceKm : 0, 700);
  globe.flyTo(centre, Math.min(140, reachKm * DEGREES_PER_KM * 3));
}
