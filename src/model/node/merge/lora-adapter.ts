/**
 * LoRA adapters in PEFT's files: `adapter_config.json` and `adapter_model.safetensors`.
 *
 * The weight of a layer becomes W + s B A, s as in `lowRankScale`. Merging needs no model's
 * configuration and takes more than `lora/adapter-config.ts` does: weights that the adapter holds
 * whole, and settings that do not say which modules were trained, since the weights do.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { GeorError } from '../../../core/index.ts';
import { SafetensorsFile } from '../../../tensor/node/index.ts';
import { checkpointName } from '../../checkpoint/index.ts';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, lowRankScale, patternValue } from '../../lora/index.ts';

const patterns = z.record(z.string(), z.number()).nullish();
const configSchema = z.looseObject({
  peft_type: z.literal('LORA').default('LORA'),
  r: z.int().positive(),
  lora_alpha: z.number(),
  use_rslora: z.boolean().nullish(),
  use_dora: z.boolean().nullish(),
  fan_in_fan_out: z.boolean().nullish(),
  rank_pattern: patterns,
  alpha_pattern: patterns,
  base_model_name_or_path: z.string().nullish(),
});

/** The settings of an adapter. */
export type LoraConfig = z.infer<typeof configSchema>;

/** What an adapter does to one weight. */
export type LoraChange =
  | {
      readonly kind: 'add';
      /** Names of A (r, in) and B (out, r) in the adapter's file. */
      readonly a: string;
      readonly b: string;
      readonly rank: number;
      readonly scale: number;
    }
  /** The adapter holds the whole weight (`modules_to_save`). */
  | { readonly kind: 'replace'; readonly by: string };

/** An adapter, its file open. */
export interface LoraAdapter {
  readonly folder: string;
  readonly config: LoraConfig;
  readonly file: SafetensorsFile;
  /** By the published name of the weight that changes. */
  readonly changes: ReadonlyMap<string, LoraChange>;
}

/** Whether a folder holds an adapter. */
export const isAdapterFolder = (folder: string): boolean =>
  existsSync(join(folder, ADAPTER_CONFIG)) && existsSync(join(folder, ADAPTER_WEIGHTS));

/**
 * Opens an adapter.
 *
 * @throws GeorError `data` when it is not one, or of a kind that changes weights in another way
 */
export function openLoraAdapter(folder: string): LoraAdapter {
  const config = readConfig(join(folder, ADAPTER_CONFIG));
  const file = SafetensorsFile.open(join(folder, ADAPTER_WEIGHTS));
  try {
    return { folder, config, file, changes: readChanges(folder, config, file) };
  } catch (error) {
    file.close();
    throw error;
  }
}

function readConfig(path: string): LoraConfig {
  let config: LoraConfig;
  try {
    config = configSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new GeorError('data', `${path} is not the configuration of a LoRA adapter: ${why}`, {
      cause,
    });
  }
  if (!(config.lora_alpha > 0))
    throw new GeorError(
      'data',
      `${path}: lora_alpha is ${config.lora_alpha}, so nothing would change`,
      {
        hint: 'verl writes 0 where lora_train_meta.json is missing: put the lora_alpha of the training there',
      },
    );
  for (const [flag, what] of [
    ['use_dora', 'DoRA'],
    ['fan_in_fan_out', 'transposed weights'],
  ] as const)
    if (config[flag])
      throw new GeorError('data', `${path}: ${what} cannot be merged here`, {
        hint: "merge it with PEFT's merge_and_unload",
      });
  return config;
}

/** PEFT's key before its module name; an adapter's own name may stand before `.weight`. */
const KEY = /^(?:base_model\.model\.)?(.+?)\.(lora_A|lora_B)(?:\.[\w-]+)?\.weight$/;
const WHOLE = /^(?:base_model\.model\.)?(.+?)(?:\.modules_to_save)?(?:\.default)?\.(weight|bias)$/;

function readChanges(
  folder: string,
  config: LoraConfig,
  file: SafetensorsFile,
): Map<string, LoraChange> {
  const halves = new Map<string, { lora_A?: string; lora_B?: string; module: string }>();
  const changes = new Map<string, LoraChange>();
  for (const name of file.entries.keys()) {
    const [, module = '', half] = KEY.exec(name) ?? [];
    if (half === 'lora_A' || half === 'lora_B') {
      const weight = checkpointName(`${module}.weight`) ?? module;
      halves.set(weight, { ...halves.get(weight), module, [half]: name });
      continue;
    }
    const whole = /lora_|magnitude/.test(name) ? null : WHOLE.exec(name);
    if (!whole)
      throw new GeorError('data', `${folder}: ${name} is no part of a plain LoRA adapter`, {
        hint: "merge it with PEFT's merge_and_unload",
      });
    changes.set(checkpointName(`${whole[1]}.${whole[2]}`) ?? name, { kind: 'replace', by: name });
  }
  const rankOf = patternValue(config.rank_pattern, 'rank_pattern');
  const alphaOf = patternValue(config.alpha_pattern, 'alpha_pattern');
  for (const [weight, { module, lora_A: a, lora_B: b }] of halves) {
    if (a === undefined || b === undefined)
      throw new GeorError('data', `${folder}: ${module} has only one of lora_A and lora_B`);
    const rank = rankOf(module) ?? config.r;
    const alpha = alphaOf(module) ?? config.lora_alpha;
    const stored = file.entries.get(a)!.shape[0];
    if (stored !== rank)
      throw new GeorError(
        'data',
        `${folder}: ${module} has rank ${stored}, its settings say ${rank}`,
      );
    const scale = lowRankScale(alpha, rank, config.use_rslora ?? false);
    changes.set(weight, { kind: 'add', a, b, rank, scale });
  }
  if (changes.size === 0) throw new GeorError('data', `${folder}: the adapter is empty`);
  return changes;
}
