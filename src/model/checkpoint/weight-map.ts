/**
 * Which tensors of which files are a model's parameters: found, and checked against its shape.
 * @module
 */
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import type { SafetensorsEntry } from '../../tensor/index.ts';
import type { ModelConfig } from '../config.ts';
import { parameterShapes } from '../parameters.ts';
import { checkpointName } from './parameter-names.ts';

/** Where a parameter lies. */
export interface StoredParameter {
  readonly file: string;
  /** Its name there, its type and its place. */
  readonly entry: SafetensorsEntry;
}

/** The one file of weights, and the index of several. */
export const WEIGHTS = 'model.safetensors';
export const WEIGHTS_INDEX = 'model.safetensors.index.json';

const indexSchema = z.object({
  metadata: z.looseObject({}).optional(),
  weight_map: z.record(z.string(), z.string()),
});

// no folder, no drive, nothing hidden: a file beside the index
const PLAIN_FILE = /^[^./\\:\0][^/\\:\0]*\.safetensors$/;

/**
 * Reads the index of a sharded checkpoint.
 *
 * @returns file of every tensor
 * @throws GeorError `data` when it is not one, or names a file outside its folder
 */
export function parseWeightIndex(json: unknown): ReadonlyMap<string, string> {
  const parsed = indexSchema.safeParse(json);
  if (!parsed.success)
    throw new GeorError('data', `${WEIGHTS_INDEX}: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
    });
  const map = new Map(Object.entries(parsed.data.weight_map));
  for (const [name, file] of map) {
    if (!PLAIN_FILE.test(file))
      throw new GeorError('data', `${WEIGHTS_INDEX}: ${name} lies in ${JSON.stringify(file)}`, {
        hint: 'every tensor lies in a .safetensors file of the same folder',
      });
  }
  return map;
}

/** The index of a sharded checkpoint. */
export const weightIndex = (map: ReadonlyMap<string, string>, totalBytes: number): object => ({
  metadata: { total_size: totalBytes },
  weight_map: Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1))),
});

/** Up to four of them. */
const listed = (names: readonly string[]): string =>
  names.length <= 4
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;

/**
 * Finds every parameter of a model among the tensors of its files. A head of its own beside tied
 * embeddings is ignored, as transformers ignores it.
 *
 * @param files - entries of every file
 * @returns parameters by their published name, in the order of `parameterShapes`
 * @throws GeorError `data` naming what is missing, twice there, of another shape, or not expected
 */
export function findParameters(
  config: ModelConfig,
  files: ReadonlyMap<string, Iterable<SafetensorsEntry>>,
): ReadonlyMap<string, StoredParameter> {
  const shapes = parameterShapes(config);
  const found = new Map<string, StoredParameter>();
  const unexpected: string[] = [];
  for (const [file, entries] of files) {
    for (const entry of entries) {
      const name = checkpointName(entry.name);
      if (name === undefined || (name === 'lm_head.weight' && config.tie_word_embeddings)) continue;
      if (!shapes.has(name)) unexpected.push(entry.name);
      const other = found.get(name);
      if (other)
        throw new GeorError('data', `${name} is there twice`, {
          hint: `as ${other.entry.name} in ${other.file} and as ${entry.name} in ${file}`,
        });
      found.set(name, { file, entry });
    }
  }
  const missing = [...shapes.keys()].filter((name) => !found.has(name));
  const wrong = [...shapes].flatMap(([name, shape]) => {
    const stored = found.get(name)?.entry.shape;
    if (!stored || stored.join() === shape.join()) return [];
    return [`${name} is [${stored}], not [${shape}]`];
  });
  const faults = [
    ...(missing.length > 0
      ? [`${listed(missing)} ${missing.length > 1 ? 'are' : 'is'} missing`]
      : []),
    ...(wrong.length > 0 ? [listed(wrong)] : []),
    ...(unexpected.length > 0 ? [`${listed(unexpected)} not expected`] : []),
  ];
  if (faults.length > 0)
    throw new GeorError('data', `the weights do not fit config.json: ${faults.join('; ')}`, {
      hint: 'the weights are of another model, or config.json is',
    });
  return new Map([...shapes.keys()].map((name) => [name, found.get(name)!]));
}
