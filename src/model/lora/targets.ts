/**
 * Which linear layers of a model an adapter changes, by PEFT's rules.
 *
 * Source: PEFT, `check_target_module_exists`, `get_pattern_key`. Deviation: expressions are run by
 * JavaScript, which knows all that PEFT's users write but named groups and inline flags of Python.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import { moduleName } from '../checkpoint/parameter-names.ts';
import type { ModelConfig } from '../config.ts';
import { parameterShapes } from '../parameters.ts';
import type { LoraConfig } from './adapter-config.ts';

/** A linear layer that is changed. */
export interface LoraTarget {
  readonly rank: number;
  /** What the low-rank product is multiplied by. */
  readonly scale: number;
  /** Width of the layer's input and output. */
  readonly into: number;
  readonly out: number;
}

/** Every linear layer, by checkpoint name without `.weight`: [out, in]. The head is none of them. */
function linearLayers(config: ModelConfig): Map<string, readonly [number, number]> {
  const layers = new Map<string, readonly [number, number]>();
  for (const [name, shape] of parameterShapes(config)) {
    const isLinear = shape.length === 2 && name.endsWith('.weight') && !/embed_tokens/.test(name);
    if (isLinear && name !== 'lm_head.weight')
      layers.set(name.slice(0, -'.weight'.length), [shape[0]!, shape[1]!]);
  }
  return layers;
}

function expression(source: string, field: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch (cause) {
    throw new GeorError('config', `adapter_config.json: ${field} is no expression: ${source}`, {
      hint: 'write it without named groups and inline flags of Python',
      cause,
    });
  }
}

function matcher(modules: readonly string[] | string, field: string): (name: string) => boolean {
  if (typeof modules === 'string') {
    const whole = expression(`^(?:${modules})$`, field);
    return (name) => whole.test(name);
  }
  return (name) => modules.some((end) => name === end || name.endsWith(`.${end}`));
}

/**
 * The value of the first pattern that ends a module's name.
 *
 * @param field - of `adapter_config.json`, for the error
 * @throws GeorError `config` when a pattern is no expression
 */
export function patternValue(
  patterns: Readonly<Record<string, number>> | null | undefined,
  field: string,
): (name: string) => number | undefined {
  const compiled = Object.entries(patterns ?? {}).map(
    ([pattern, value]) => [expression(`^(?:.*\\.)?(?:${pattern})$`, field), value] as const,
  );
  return (name) => compiled.find(([pattern]) => pattern.test(name))?.[1];
}

/**
 * What a low-rank product counts: alpha / rank (LoRA, section 4.1), or alpha / sqrt(rank) where the
 * adapter is rank-stabilised (rsLoRA, arXiv 2312.03732).
 */
export const lowRankScale = (alpha: number, rank: number, rankStabilised = false): number =>
  alpha / (rankStabilised ? Math.sqrt(rank) : rank);

/**
 * The layers that an adapter changes, by checkpoint name without `.weight`, in the model's order.
 *
 * @throws GeorError `config` when it is none, or an expression cannot be read
 */
export function loraTargets(config: ModelConfig, lora: LoraConfig): Map<string, LoraTarget> {
  const { targetModules, excludeModules, rank, alpha, rankStabilised = false } = lora;
  const isTarget =
    targetModules === 'all-linear' ? () => true : matcher(targetModules, 'target_modules');
  const isExcluded = excludeModules ? matcher(excludeModules, 'exclude_modules') : () => false;
  const rankOf = patternValue(lora.rankPattern, 'rank_pattern');
  const alphaOf = patternValue(lora.alphaPattern, 'alpha_pattern');
  const targets = new Map<string, LoraTarget>();
  for (const [name, [out, into]] of linearLayers(config)) {
    const module = moduleName(name);
    if (!isTarget(module) || isExcluded(module)) continue;
    const own = rankOf(module) ?? rank;
    const scale = lowRankScale(alphaOf(module) ?? alpha, own, rankStabilised);
    targets.set(name, { rank: own, scale, into, out });
  }
  if (targets.size === 0)
    throw new GeorError('config', `no linear layer matches ${JSON.stringify(targetModules)}`, {
      hint: 'name the ends of module names, such as q_proj, or all-linear',
    });
  return targets;
}
