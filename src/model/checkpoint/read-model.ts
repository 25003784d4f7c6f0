/**
 * A model from the files of a Hugging Face folder, wherever they are: on a disk, or in memory.
 *
 * Read: `config.json`, `tokenizer.json`, `model.safetensors` or its shards; and where they are there
 * `generation_config.json`, `preprocessor_config.json` or the `processor_config.json` of transformers 5,
 * and the chat template in any of the places it has had.
 * @module
 */
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import {
  decodeElements,
  readSafetensorsHeader,
  type SafetensorsEntry,
  type SafetensorsTensor,
} from '../../tensor/index.ts';
import { parseModelConfig } from '../config.ts';
import type { Parameter } from '../parameters.ts';
import { loadTokenizer } from '../tokenizer/index.ts';
import { parseGenerationConfig } from './generation-config.ts';
import type { Model, ModelCard } from './model.ts';
import { parsePreprocessorConfig } from './preprocessor-config.ts';
import {
  findParameters,
  parseWeightIndex,
  type StoredParameter,
  WEIGHTS,
  WEIGHTS_INDEX,
} from './weight-map.ts';

/** A file of weights, open. */
export interface WeightFile {
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  read(name: string): SafetensorsTensor;
}

/** Where a model's files are. */
export interface ModelSource {
  /** What errors call it. */
  readonly name: string;
  /** A small file's content; undefined when there is none. */
  text(file: string): string | undefined;
  /** A file of weights; undefined when there is none. */
  weights(file: string): WeightFile | undefined;
}

/** A model whose numbers are still where they were. */
export interface StoredModel extends ModelCard {
  /** By published name. */
  readonly stored: ReadonlyMap<string, StoredParameter>;
}

/** Files in memory as a source: a page has no folders. */
export function filesInMemory(files: ReadonlyMap<string, Uint8Array>): ModelSource {
  return {
    name: 'the model',
    text: (file) => {
      const bytes = files.get(file);
      return bytes && new TextDecoder().decode(bytes);
    },
    weights: (file) => {
      const bytes = files.get(file);
      if (!bytes) return undefined;
      const { entries: list } = readSafetensorsHeader(bytes);
      const entries = new Map(list.map((entry) => [entry.name, entry]));
      const read = (name: string): SafetensorsTensor => {
        const { dtype, shape, begin, end } = entries.get(name)!;
        return { dtype, shape, data: decodeElements(bytes.subarray(begin, end), dtype) };
      };
      return { entries, read };
    },
  };
}

/**
 * Reads everything but the numbers, and finds where they are.
 *
 * @throws GeorError `data` or `config` when a file is missing, malformed or does not fit the others
 */
export function describeModel(source: ModelSource): StoredModel {
  const optional = (file: string): unknown => {
    const text = source.text(file);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new GeorError('data', `${source.name}: ${file} is not JSON`, { cause });
    }
  };
  const required = (file: string): unknown => {
    const json = optional(file);
    if (json !== undefined) return json;
    throw missing(source, file);
  };
  const config = parseModelConfig(required('config.json'));
  const tokenizer = loadTokenizer(required('tokenizer.json'));
  if (tokenizer.vocabSize > config.vocab_size)
    throw new GeorError('data', `tokenizer.json has ${tokenizer.vocabSize} tokens`, {
      hint: `config.json has room for ${config.vocab_size}: the two are of different models`,
    });
  const generation = optional('generation_config.json');
  const processor = z
    .looseObject({})
    .optional()
    .catch(undefined)
    .parse(optional('processor_config.json'));
  const preprocessor = optional('preprocessor_config.json') ?? processor?.['image_processor'];
  const template = findChatTemplate(source, optional);
  return {
    config,
    tokenizer,
    ...(template !== undefined && { chatTemplate: template }),
    ...(generation !== undefined && { generation: parseGenerationConfig(generation) }),
    ...(preprocessor !== undefined && {
      preprocessor: parsePreprocessorConfig(preprocessor, config.vision_config),
    }),
    stored: findParameters(config, weightEntries(source, optional(WEIGHTS_INDEX))),
  };
}

/** Reads a whole model into memory, as 32-bit floats. */
export function readModel(source: ModelSource): Model {
  const { stored, ...card } = describeModel(source);
  return { ...card, parameters: readParameters(source, stored) };
}

/** Reads the numbers of a model into memory, as 32-bit floats. */
export function readParameters(
  source: ModelSource,
  stored: ReadonlyMap<string, StoredParameter>,
): Map<string, Parameter> {
  return new Map(
    Array.from(stored, ([name, { file, entry }]) => {
      const { shape, data } = source.weights(file)!.read(entry.name);
      return [name, { shape, data }];
    }),
  );
}

const missing = (source: ModelSource, file: string): GeorError =>
  new GeorError('data', `${source.name} holds no ${file}`, {
    hint: 'a model folder has config.json, model.safetensors (or its shards) and tokenizer.json',
  });

/** The entries of each file of weights. The single file comes first, as in transformers. */
function weightEntries(
  source: ModelSource,
  index: unknown,
): ReadonlyMap<string, Iterable<SafetensorsEntry>> {
  const single = source.weights(WEIGHTS);
  if (single) return new Map([[WEIGHTS, single.entries.values()]]);
  if (index === undefined) throw missing(source, WEIGHTS);
  const map = parseWeightIndex(index);
  const files = new Map(
    [...new Set(map.values())].sort().map((file) => {
      const shard = source.weights(file);
      if (!shard)
        throw new GeorError(
          'data',
          `${source.name}: ${WEIGHTS_INDEX} names ${file}, which is not there`,
          {
            hint: 'copy all shards of the checkpoint',
          },
        );
      return [file, shard.entries];
    }),
  );
  for (const [name, file] of map) {
    if (!files.get(file)!.has(name))
      throw new GeorError('data', `${source.name}: ${file} holds no ${name}`, {
        hint: `${WEIGHTS_INDEX} says it does: the shards are of different checkpoints`,
      });
  }
  return new Map([...files].map(([file, entries]) => [file, entries.values()]));
}

const template = z.object({ chat_template: z.string() });
const namedTemplates = z.object({
  chat_template: z.array(z.object({ name: z.string(), template: z.string() })),
});

/**
 * The chat template: `chat_template.jinja` (transformers 5), `chat_template.json` (processors of 4),
 * or inside `tokenizer_config.json` (one, or several by name).
 */
function findChatTemplate(
  source: ModelSource,
  json: (file: string) => unknown,
): string | undefined {
  const own = source.text('chat_template.jinja');
  if (own !== undefined) return own;
  for (const file of ['chat_template.json', 'tokenizer_config.json']) {
    const content = json(file);
    const one = template.safeParse(content);
    if (one.success) return one.data.chat_template;
    const several = namedTemplates.safeParse(content);
    const found = several.data?.chat_template.find(({ name }) => name === 'default');
    if (found) return found.template;
  }
  return undefined;
}
