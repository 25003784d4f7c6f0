/**
 * `adapter_config.json`: what a LoRA adapter changes and by how much, as PEFT writes it.
 *
 * Source: LoRA (arXiv 2106.09685), section 4.1; PEFT, `LoraConfig` (field names and meanings);
 * rank-stabilised scaling: rsLoRA (arXiv 2312.03732).
 *
 * Refused, because the result would silently be another: DoRA, trained biases, modules saved beside
 * the adapter. Dropout acts in training alone; geor trains without.
 * @module
 */
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';

/** Module names, of which the end must match whole; or a regular expression for the whole name. */
const modules = z.union([z.array(z.string()).min(1), z.string().min(1)]);
const positive = z.int().positive();
const absent = z
  .union([z.null(), z.literal(false), z.array(z.never()), z.strictObject({})])
  .optional();

const adapterSchema = z.looseObject({
  peft_type: z.literal('LORA'),
  base_model_name_or_path: z.string().nullish(),
  r: positive.default(8),
  lora_alpha: z.number().positive().default(8),
  target_modules: modules,
  exclude_modules: modules.nullish(),
  rank_pattern: z.record(z.string(), positive).nullish(),
  alpha_pattern: z.record(z.string(), z.number().positive()).nullish(),
  use_rslora: z.boolean().default(false),
  bias: z.literal('none').default('none'),
  use_dora: z.literal(false).optional(),
  lora_bias: z.literal(false).optional(),
  fan_in_fan_out: z.literal(false).optional(),
  use_qalora: z.literal(false).optional(),
  modules_to_save: absent,
  layers_to_transform: absent,
  layer_replication: absent,
  trainable_token_indices: absent,
  target_parameters: absent,
  alora_invocation_tokens: absent,
});

/** Which linear layers a low-rank product is added to, and its rank and weight. */
export interface LoraConfig {
  /** Inner width of the product: r. Default in PEFT: 8. */
  readonly rank: number;
  /** The product counts alpha / rank times. */
  readonly alpha: number;
  /**
   * Names that end a module's name, a regular expression for its whole name, or `all-linear`: every
   * linear layer but the head. Module names are those of transformers 4.52 and later
   * (`model.language_model.layers.0.self_attn.q_proj`).
   */
  readonly targetModules: readonly string[] | string;
  readonly excludeModules?: readonly string[] | string;
  /** Other ranks and alphas for modules whose name ends in a match of the expression. */
  readonly rankPattern?: Readonly<Record<string, number>>;
  readonly alphaPattern?: Readonly<Record<string, number>>;
  /** Scales by alpha / sqrt(rank) instead. Default false. */
  readonly rankStabilised?: boolean;
  /** What the adapter was trained on; for people and tools. */
  readonly baseModel?: string;
}

const notEmpty = <T extends object>(value: T | null | undefined): value is T =>
  Object.keys(value ?? {}).length > 0;

/**
 * Reads an `adapter_config.json`.
 *
 * @throws GeorError `config` naming the field that is wrong or that geor does not follow
 */
export function parseAdapterConfig(json: unknown): LoraConfig {
  const parsed = adapterSchema.safeParse(json);
  if (!parsed.success)
    throw new GeorError('config', `adapter_config.json: ${z.prettifyError(parsed.error)}`, {
      hint: 'geor reads plain LoRA adapters of PEFT (and rsLoRA), without trained biases or modules',
      cause: parsed.error,
    });
  const { data } = parsed;
  return {
    rank: data.r,
    alpha: data.lora_alpha,
    targetModules: data.target_modules,
    ...(data.exclude_modules && { excludeModules: data.exclude_modules }),
    ...(notEmpty(data.rank_pattern) && { rankPattern: data.rank_pattern }),
    ...(notEmpty(data.alpha_pattern) && { alphaPattern: data.alpha_pattern }),
    ...(data.use_rslora && { rankStabilised: true }),
    ...(data.base_model_name_or_path && { baseModel: data.base_model_name_or_path }),
  };
}

/** The content of `adapter_config.json`. */
export function adapterJson(config: LoraConfig): object {
  return {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: config.baseModel ?? null,
    inference_mode: true,
    r: config.rank,
    lora_alpha: config.alpha,
    lora_dropout: 0,
    target_modules: config.targetModules,
    exclude_modules: config.excludeModules ?? null,
    rank_pattern: config.rankPattern ?? {},
    alpha_pattern: config.alphaPattern ?? {},
    use_rslora: config.rankStabilised ?? false,
    bias: 'none',
    use_dora: false,
    fan_in_fan_out: false,
    modules_to_save: null,
  };
}
