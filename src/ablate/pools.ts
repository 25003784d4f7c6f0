/**
 * Which tiles an arm learns from.
 *
 * Hard tiles as Geo-R defines them (section 3.3), by the supervised model in place of an untrained one
 * of three billion parameters: what it answers right shows what it knows, and a tile is hard when it is
 * further than 200 km from all of that.
 *
 * Deviation: which answers are right is told on tiles that the model was not trained on.
 * @module
 */
import { type EarthSample, hardSelection } from '../data/index.ts';
import type { Coordinate } from '../geo/index.ts';
import type { Task } from '../train/index.ts';
import type { AblateRecipe } from './recipe.ts';

/** Some samples of a task, as a task. */
export function subsetTask(task: Task, indices: readonly number[]): Task {
  return {
    size: indices.length,
    imageSize: task.imageSize,
    writeImage: (index, out, slot, source) => task.writeImage(indices[index]!, out, slot, source),
    turns: (index) => task.turns(indices[index]!),
    prompt: (index) => task.prompt(indices[index]!),
    target: (index) => task.target(indices[index]!),
  };
}

/** The numbers from `from` up to, not including, `to`. */
export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

/** The samples among `indices` that are hard, in their order. */
export function hardIndices(
  samples: readonly EarthSample[],
  indices: readonly number[],
  popular: readonly Coordinate[],
  { radiusKm }: AblateRecipe['hard'],
): number[] {
  const method = hardSelection({ popular, radiusKm });
  return indices.filter((index) => method.stratumOf(samples[index]!, () => null) !== null);
}
