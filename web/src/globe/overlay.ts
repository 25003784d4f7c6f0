/**
 * What is drawn over the ball: borders, the frame of a tile, circles of belief, the way from where a
 * tile was cut to where the answer puts it.
 * @module
 */
import { geoCircle, geoGraticule10, geoOrthographic, geoPath } from 'd3-geo';
import type { Outlines } from './outlines.ts';
import type { View } from './raster.ts';

/** A point in degrees. */
export interface Point {
  readonly lat: number;
  readonly lon: number;
}

/** A circle on the ground. */
export interface Circle {
  readonly centre: Point;
  readonly radiusKm: number;
  /** A dashed line for the wider belief. */
  readonly dashed: boolean;
}

/** What lies over the Earth. */
export interface Overlay {
  readonly frame?:
    | { readonly centre: Point; readonly spanDegrees: number; readonly lonSpan: number }
    | undefined;
  readonly circles: readonly Circle[];
  readonly line?: readonly [Point, Point] | undefined;
}

/** Kilometres of one degree of a great circle, on a sphere of 6371 km. */
const KM_PER_DEGREE = (6371 * Math.PI) / 180;

const graticule = geoGraticule10();

/** The edge of a tile as a ring, bent along the parallels. */
function frameRing({ centre, spanDegrees, lonSpan }: NonNullable<Overlay['frame']>): number[][] {
  const north = Math.min(90, centre.lat + spanDegrees / 2);
  const south = Math.max(-90, centre.lat - spanDegrees / 2);
  const west = centre.lon - lonSpan / 2;
  const steps = 16;
  const along = (lat: number, from: number, to: number): number[][] =>
    Array.from({ length: steps }, (_, i) => [from + ((to - from) * i) / steps, lat]);
  const east = west + lonSpan;
  return [...along(north, west, east), ...along(south, east, west), [west, north]];
}

/** Draws on `context`, whose origin is the corner of the stage; sizes are CSS pixels. */
export function drawOverlay(
  context: CanvasRenderingContext2D,
  { width, height }: { width: number; height: number },
  { lat, lon, radiusPx }: View,
  lines: Outlines | undefined,
  overlay: Overlay,
): void {
  const projection = geoOrthographic()
    .rotate([-lon, -lat])
    .scale(radiusPx)
    .translate([width / 2, height / 2])
    .clipAngle(90)
    .clipExtent([
      [-8, -8],
      [width + 8, height + 8],
    ]);
  const path = geoPath(projection, context);
  const stroke = (color: string, lineWidth: number, dash: readonly number[] = []): void => {
    context.strokeStyle = color;
    context.lineWidth = lineWidth;
    context.setLineDash([...dash]);
    context.stroke();
  };
  context.lineJoin = 'round';
  context.lineCap = 'round';

  context.beginPath();
  path(graticule);
  stroke('rgb(255 255 255 / 9%)', 0.7);
  if (lines) {
    context.beginPath();
    path(lines);
    stroke('rgb(255 255 255 / 55%)', 0.7);
  }
  if (overlay.frame) {
    context.beginPath();
    path({ type: 'LineString', coordinates: frameRing(overlay.frame) });
    stroke('rgb(0 0 0 / 55%)', 4);
    stroke('#ffffff', 1.75);
  }
  for (const { centre, radiusKm, dashed } of overlay.circles) {
    if (!(radiusKm > 0)) continue;
    const circle = geoCircle()
      .center([centre.lon, centre.lat])
      .radius(Math.min(179, radiusKm / KM_PER_DEGREE))();
    context.beginPath();
    path(circle);
    if (!dashed) {
      context.fillStyle = 'rgb(255 176 103 / 16%)';
      context.fill();
    }
    stroke('rgb(0 0 0 / 45%)', 3.5);
    stroke('#ffb067', 1.5, dashed ? [5, 5] : []);
  }
  if (overlay.line) {
    const [from, to] = overlay.line;
    context.beginPath();
    path({
      type: 'LineString',
      coordinates: [
        [from.lon, from.lat],
        [to.lon, to.lat],
      ],
    });
    stroke('rgb(0 0 0 / 45%)', 3.5);
    stroke('#ffffff', 1.5, [2, 5]);
  }
}
