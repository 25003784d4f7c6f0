/**
 * A training run on the display: its parts, the figures of the last step, what the model answers.
 * @module
 */
import { headlineFigures } from '../../engines/index.ts';
import type { RgbImage } from '../../model/index.ts';
import type { MetricsRow, RunPart, TrainingObserver, TrainingRecipe } from '../../train/index.ts';
import type { Display } from '../display/index.ts';

/** What the parts of a run are called. */
export function partTitles(recipe: TrainingRecipe, hasStart: boolean): Record<RunPart, string> {
  const title = recipe.stage === 'sft' ? 'Supervised fine-tuning' : 'GRPO';
  return {
    data: 'Data',
    before: 'Held-out answers before',
    training: recipe.adaptation === 'lora' ? `${title}, LoRA` : title,
    after: hasStart ? 'Held-out answers after' : 'Held-out answers',
  };
}

/** Figures of a step under the names that charts and displays use: parts of the reward as `parts/`. */
export function figuresOf(row: MetricsRow): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [name, value] of Object.entries(row)) {
    if (typeof value !== 'number' || name === 'step') continue;
    const [, part] = /^rewards\/(.+)\/mean$/.exec(name) ?? [];
    figures[part === undefined ? name : `parts/${part}`] = value;
  }
  return figures;
}

/** An observer that draws. */
export function watchOn(
  display: Display,
  titles: Record<RunPart, string>,
  recipe: TrainingRecipe,
): TrainingObserver {
  const perStep =
    recipe.stage === 'sft' ? recipe.batchSize : recipe.promptsPerStep * recipe.groupSize;
  let lastMs: number | undefined;
  let secondsPerStep: number | undefined;
  const speed = (): Record<string, number> => {
    const now = performance.now();
    if (lastMs !== undefined) {
      const seconds = (now - lastMs) / 1000;
      secondsPerStep =
        secondsPerStep === undefined ? seconds : 0.9 * secondsPerStep + 0.1 * seconds;
    }
    lastMs = now;
    return secondsPerStep === undefined ? {} : { 'samples/s': perStep / secondsPerStep };
  };
  return {
    part: (part) => display.stage(titles[part]),
    endPart: (remark) => display.endStage(remark),
    progress: (done, total, row) =>
      display.progress({
        ...{ done, total },
        ...(row && { fields: { ...shownFields(row), ...speed() } }),
      }),
    sample: ({ row, answer, distanceKm }, image) =>
      display.showSample({
        ...squareOf(image),
        truth: { ...row.place, coordinate: row },
        answer,
        distanceKm,
      }),
  };
}

/** What matters first, in words that fit a line of 80 columns; the rest is in `metrics.jsonl`. */
function shownFields(row: MetricsRow): Record<string, number | string> {
  const figures = headlineFigures(figuresOf(row));
  const { loss, entropy: _e, 'reward std': _s, 'learning rate': _l, ...others } = figures;
  const {
    'gradient norm': norm,
    'groups without spread': still,
    'cut off': cut,
    ...first
  } = others;
  return {
    ...(first['reward'] === undefined && loss !== undefined && { loss }),
    ...first,
    ...(still !== undefined && { 'no spread': percent(still) }),
    ...(cut !== undefined && cut > 0 && { 'cut off': percent(cut) }),
    ...(first['reward'] === undefined && norm !== undefined && { 'gradient norm': norm }),
  };
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** The middle of a picture. */
function squareOf({ width, height, data }: RgbImage): { tile: Uint8Array; sizePx: number } {
  const sizePx = Math.min(width, height);
  const [left, top] = [(width - sizePx) >> 1, (height - sizePx) >> 1];
  const tile = new Uint8Array(sizePx * sizePx * 3);
  for (let y = 0; y < sizePx; y++) {
    const from = ((y + top) * width + left) * 3;
    tile.set(data.subarray(from, from + 3 * sizePx), 3 * y * sizePx);
  }
  return { tile, sizePx };
}
