/**
 * The globe: the Earth as a ball that is turned, enlarged and clicked, with an answer drawn on it.
 *
 * It is a picture of what the list beside it says in words. What can be reached on it, markers and
 * buttons, are elements of the page; the rest is drawn.
 * @module
 */
import { fill, h, icon, prefersStillness } from '../shared/dom.ts';
import { degreesText } from '../shared/text.ts';
import { type EarthPicture, sizeFor } from './earth-raster.ts';
import { listen } from './gestures.ts';
import { type Marker, markerButton, placeMarkers } from './markers.ts';
import { type Outlines, outlines } from './outlines.ts';
import { drawOverlay, type Overlay, type Point } from './overlay.ts';
import { drawBall, pointAt, type View, wrapLon } from './raster.ts';

/** What the globe shows. */
export interface Scene extends Overlay {
  readonly markers: readonly Marker[];
}

/** The globe of a page. */
export interface Globe {
  readonly element: HTMLElement;
  show(scene: Scene): void;
  /** Turns to a point, and enlarges or shrinks so that `spanDegrees` fit. */
  flyTo(point: Point, spanDegrees?: number): void;
  /** The Earth, once it has come. */
  setEarth(earth: EarthPicture): void;
}

const ZOOM_MIN = 0.85;
const ZOOM_MAX = 24;
/** From here on the finer outlines are worth their 750 kB. */
const FINE_ZOOM = 3;
const FLIGHT_MS = 900;

/** Makes the globe. `onPick` hears of every point that is clicked or chosen by keyboard. */
export function makeGlobe(onPick: (point: Point) => void): Globe {
  const canvas = h('canvas', { class: 'ball', 'aria-hidden': 'true' });
  const context = canvas.getContext('2d')!;
  const ball = new OffscreenCanvas(1, 1);
  const ballContext = ball.getContext('2d')!;
  const markerLayer = h('div', { class: 'markers' });
  const where = h('p', { class: 'unseen', role: 'status' });
  const help = h(
    'p',
    { class: 'unseen', id: 'globe-help' },
    'Arrow keys turn the globe, plus and minus enlarge it, Enter cuts a tile in the middle.',
  );
  const stage = h(
    'div',
    {
      class: 'stage',
      tabindex: '0',
      role: 'application',
      'aria-label': 'Globe',
      'aria-describedby': 'globe-help',
    },
    canvas,
    h('div', { class: 'aim', 'aria-hidden': 'true' }),
    markerLayer,
  );
  const zoomButton = (label: string, path: string, factor: number): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        class: 'round',
        'aria-label': label,
        title: label,
        on: { click: () => zoomBy(factor) },
      },
      icon(path),
    );
  const element = h(
    'section',
    { class: 'globe', 'aria-label': 'The Earth' },
    stage,
    help,
    where,
    h(
      'div',
      { class: 'globe-buttons' },
      zoomButton('Enlarge', 'M12 5v14M5 12h14', 1.5),
      zoomButton('Shrink', 'M5 12h14', 1 / 1.5),
    ),
  );

  let earth: EarthPicture | undefined;
  let lines: Outlines | undefined;
  let hasFine = false;
  let centre: Point = { lat: 22, lon: 12 };
  let zoom = 1;
  let scene: Scene = { circles: [], markers: [] };
  let isMoving = false;
  let settleTimer = 0;
  let isDrawing = false;
  let flight = 0;
  let buffer = new Uint32Array(0);

  const sides = (): { width: number; height: number } => ({
    width: stage.clientWidth,
    height: stage.clientHeight,
  });
  const view = (): View => {
    const { width, height } = sides();
    return { ...centre, radiusPx: (Math.min(width, height) / 2) * 0.86 * zoom };
  };

  function draw(): void {
    isDrawing = false;
    const { width, height } = sides();
    if (width === 0 || height === 0) return;
    const sharpness = Math.min(devicePixelRatio || 1, 2);
    if (
      canvas.width !== Math.round(width * sharpness) ||
      canvas.height !== Math.round(height * sharpness)
    ) {
      canvas.width = Math.round(width * sharpness);
      canvas.height = Math.round(height * sharpness);
    }
    const seen = view();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (earth) {
      const detail = isMoving ? 0.6 : Math.min(sharpness, 1.5);
      const w = Math.ceil(width * detail);
      const hgt = Math.ceil(height * detail);
      if (ball.width !== w || ball.height !== hgt) {
        ball.width = w;
        ball.height = hgt;
        buffer = new Uint32Array(w * hgt);
      }
      const scaled = { ...seen, radiusPx: seen.radiusPx * detail };
      const size = { width: w, height: hgt, smooth: !isMoving };
      drawBall(sizeFor(earth, scaled.radiusPx), scaled, buffer, size);
      const bytes = new Uint8ClampedArray(buffer.buffer as ArrayBuffer, 0, w * hgt * 4);
      ballContext.putImageData(new ImageData(bytes, w, hgt), 0, 0);
      context.drawImage(ball, 0, 0, canvas.width, canvas.height);
    }
    context.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    drawOverlay(context, { width, height }, seen, lines, scene);
    placeMarkers(markerLayer, { width, height }, seen, scene.markers);
    stage.style.setProperty('--radius', `${Math.round(seen.radiusPx)}px`);
  }
  const redraw = (): void => {
    if (isDrawing) return;
    isDrawing = true;
    requestAnimationFrame(draw);
  };
  /** Coarse while it moves, fine when it rests. */
  function moved(): void {
    isMoving = true;
    clearTimeout(settleTimer);
    settleTimer = window.setTimeout(() => {
      isMoving = false;
      redraw();
      if (document.activeElement === stage) where.textContent = `Middle: ${degreesText(centre)}`;
    }, 140);
    if (zoom > FINE_ZOOM && !hasFine) {
      hasFine = true;
      outlines('fine').then(
        (finer) => {
          lines = finer;
          redraw();
        },
        () => {},
      );
    }
    redraw();
  }
  function zoomBy(factor: number): void {
    cancelAnimationFrame(flight);
    zoom = Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, zoom * factor));
    moved();
  }
  function turnTo(point: Point): void {
    centre = { lat: Math.min(90, Math.max(-90, point.lat)), lon: wrapLon(point.lon) };
    moved();
  }
  listen(stage, {
    turn(dx, dy) {
      cancelAnimationFrame(flight);
      const degrees = 180 / Math.PI / view().radiusPx;
      turnTo({ lat: centre.lat + dy * degrees, lon: centre.lon - dx * degrees });
    },
    zoom: zoomBy,
    pick(x, y) {
      const point = pointAt(view(), x, y);
      if (point) onPick(point);
    },
    step(east, north) {
      cancelAnimationFrame(flight);
      const degrees = 5 / Math.max(1, zoom);
      turnTo({ lat: centre.lat + north * degrees, lon: centre.lon + east * degrees });
    },
    pickCentre: () => onPick(centre),
  });
  new ResizeObserver(redraw).observe(stage);
  outlines('coarse').then(
    (coarse) => {
      lines ??= coarse;
      redraw();
    },
    () => {},
  );

  return {
    element,
    setEarth(picture) {
      earth = picture;
      stage.classList.add('has-earth');
      redraw();
    },
    show(next) {
      scene = next;
      fill(markerLayer, next.markers.map(markerButton));
      redraw();
    },
    flyTo(point, spanDegrees) {
      cancelAnimationFrame(flight);
      const target =
        spanDegrees === undefined
          ? zoom
          : Math.min(ZOOM_MAX, Math.max(1, 70 / Math.max(spanDegrees, 1)));
      if (prefersStillness()) {
        zoom = target;
        turnTo(point);
        return;
      }
      const from = { ...centre, zoom };
      const turn = wrapLon(point.lon - from.lon);
      const start = performance.now();
      const fly = (now: number): void => {
        const t = Math.min(1, (now - start) / FLIGHT_MS);
        const eased = t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2;
        zoom = from.zoom * (target / from.zoom) ** eased;
        turnTo({ lat: from.lat + (point.lat - from.lat) * eased, lon: from.lon + turn * eased });
        if (t < 1) flight = requestAnimationFrame(fly);
      };
      flight = requestAnimationFrame(fly);
    },
  };
}
