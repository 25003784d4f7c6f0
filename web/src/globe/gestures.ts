/**
 * Hands on the globe: drag, wheel, pinch, click and keys become turns, zooms and picked points.
 * @module
 */

/** What hands ask for. Distances in CSS pixels; `x` to the right, `y` upwards from the centre. */
export interface GestureTarget {
  turn(dx: number, dy: number): void;
  zoom(factor: number): void;
  pick(x: number, y: number): void;
  /** An arrow key: steps to the east and to the north. */
  step(east: number, north: number): void;
  /** Enter or space: the point in the middle. */
  pickCentre(): void;
}

/** A press that moves less than this is a click. */
const CLICK_PX = 5;

const KEY_STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Listens to `stage` and tells `target`. */
export function listen(stage: HTMLElement, target: GestureTarget): void {
  const pointers = new Map<number, { x: number; y: number }>();
  let travelled = 0;
  let wasPinch = false;

  stage.addEventListener('pointerdown', (event) => {
    if (event.target !== stage && !(event.target instanceof HTMLCanvasElement)) return;
    stage.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pointers.size === 1) travelled = 0;
    wasPinch = pointers.size > 1;
  });
  stage.addEventListener('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const spread = (): number => {
      const [a, b] = [...pointers.values()];
      return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
    };
    const spreadBefore = spread();
    pointers.set(event.pointerId, now);
    const share = 1 / pointers.size;
    travelled += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    target.turn((now.x - before.x) * share, (now.y - before.y) * share);
    if (spreadBefore > 0) target.zoom(spread() / spreadBefore);
  });
  const release = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    if (event.type === 'pointerup' && travelled < CLICK_PX && !wasPinch) {
      const box = stage.getBoundingClientRect();
      target.pick(
        event.clientX - box.left - box.width / 2,
        box.top + box.height / 2 - event.clientY,
      );
    }
  };
  stage.addEventListener('pointerup', release);
  stage.addEventListener('pointercancel', release);
  stage.addEventListener(
    'wheel',
    (event) => {
      // The wheel scrolls the page until the globe has been taken in hand.
      if (!event.ctrlKey && !stage.contains(document.activeElement)) return;
      event.preventDefault();
      target.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015)));
    },
    { passive: false },
  );
  stage.addEventListener('keydown', (event) => {
    if (event.target !== stage || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = KEY_STEPS[event.key];
    const factor = event.shiftKey ? 4 : 1;
    if (step) target.step(step[0] * factor, step[1] * factor);
    else if (event.key === '+' || event.key === '=') target.zoom(1.35);
    else if (event.key === '-' || event.key === '_') target.zoom(1 / 1.35);
    else if (event.key === 'Enter' || event.key === ' ') target.pickCentre();
    else return;
    event.preventDefault();
  });
}
