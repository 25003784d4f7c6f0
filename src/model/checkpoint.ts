/**
 * A model as a folder in Hugging Face's layout: `config.json`, `model.safetensors`,
 * `tokenizer.json`, `tokenizer_config.json`, `generation_config.json`.
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GeorError } from '../core/index.ts';
import { writeFileAtomic } from '../core/node/index.ts';
import { readSafetensors, writeSafetensors } from '../tensor/index.ts';
import { type ModelConfig, parseModelConfig } from './config.ts';
import { type Parameter, parameterShapes } from './parameters.ts';
import { chatTemplate, SPECIAL_TOKENS } from './prompt.ts';
import { loadTokenizer, type Tokenizer } from './tokenizer/index.ts';

/** A model: shape, values and words. */
export interface Model {
  readonly config: ModelConfig;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly tokenizer: Tokenizer;
}

/** Writes a model's folder. Each file is replaced atomically; the weights come last. */
export function saveModel(folder: string, { config, parameters, tokenizer }: Model): void {
  const write = (name: string, value: object): void =>
    writeFileAtomic(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  write('config.json', config);
  write('tokenizer.json', tokenizer.json);
  write('tokenizer_config.json', {
    tokenizer_class: 'PreTrainedTokenizerFast',
    eos_token: SPECIAL_TOKENS.endOfTurn,
    pad_token: SPECIAL_TOKENS.endOfText,
    chat_template: chatTemplate,
  });
  write('generation_config.json', {
    eos_token_id: config.eos_token_id,
    pad_token_id: config.pad_token_id,
  });
  writeFileAtomic(
    join(folder, 'model.safetensors'),
    writeSafetensors(parameters, { format: 'pt' }),
  );
}

/**
 * Reads a model's folder.
 *
 * @throws GeorError `data` or `config` when a file is missing, malformed or does not fit the others
 */
export function loadModel(folder: string): Model {
  const read = (name: string): Buffer => {
    try {
      return readFileSync(join(folder, name));
    } catch (cause) {
      throw new GeorError('data', `${folder} holds no ${name}`, {
        hint: 'a model folder has config.json, model.safetensors and tokenizer.json',
        cause,
      });
    }
  };
  const json = (name: string): unknown => {
    try {
      return JSON.parse(read(name).toString());
    } catch (cause) {
      if (cause instanceof GeorError) throw cause;
      throw new GeorError('data', `${name} is not JSON`, { cause });
    }
  };
  const config = parseModelConfig(json('config.json'));
  const tokenizer = loadTokenizer(json('tokenizer.json'));
  const tensors = readSafetensors(read('model.safetensors'));
  const parameters = new Map<string, Parameter>();
  for (const [name, shape] of parameterShapes(config)) {
    const tensor = tensors.get(name);
    if (!tensor || tensor.shape.join() !== shape.join()) {
      throw new GeorError(
        'data',
        `model.safetensors: ${name} ${tensor ? `is [${tensor.shape}]` : 'is missing'}`,
        {
          hint: `config.json asks for [${shape}]`,
        },
      );
    }
    parameters.set(name, { shape, data: tensor.data });
  }
  return { config, parameters, tokenizer };
}
