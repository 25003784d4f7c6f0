/**
 * The files of a model's folder, as transformers 4 and 5, vLLM and Transformers.js read them.
 * @module
 */
import type { SafetensorsDtype } from '../../tensor/index.ts';
import { chatTemplate as ownTemplate, SPECIAL_TOKENS } from '../prompt.ts';
import type { ModelCard } from './model.ts';
import { DEFAULT_PREPROCESSOR, preprocessorJson } from './preprocessor-config.ts';

const TORCH_NAMES: Readonly<Record<SafetensorsDtype, string>> = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
};

/**
 * Every file but the weights, by name.
 *
 * @param dtype - what the weights are written in; `config.json` says so
 */
export function modelTexts(
  { config, tokenizer, chatTemplate = ownTemplate, generation, preprocessor }: ModelCard,
  dtype: SafetensorsDtype,
): ReadonlyMap<string, string> {
  const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    ['config.json', json({ ...config, torch_dtype: TORCH_NAMES[dtype] })],
    ['tokenizer.json', json(tokenizer.json)],
    [
      'tokenizer_config.json',
      json({
        tokenizer_class: 'PreTrainedTokenizerFast',
        processor_class: 'Qwen2_5_VLProcessor',
        clean_up_tokenization_spaces: false,
        eos_token: SPECIAL_TOKENS.endOfTurn,
        pad_token: SPECIAL_TOKENS.endOfText,
        chat_template: chatTemplate,
      }),
    ],
    ['chat_template.jinja', chatTemplate],
    [
      'generation_config.json',
      json({
        eos_token_id: config.eos_token_id,
        pad_token_id: config.pad_token_id,
        ...generation,
      }),
    ],
    [
      'preprocessor_config.json',
      json(preprocessorJson(preprocessor ?? DEFAULT_PREPROCESSOR, config.vision_config)),
    ],
  ]);
}
