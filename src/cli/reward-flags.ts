/**
 * The flags of `geor reward`, and how their texts are read.
 * @module
 */
import { InvalidArgumentError } from 'commander';
import {
  GEO_R_EXTRAS,
  type PenaltyLengths,
  type RewardVariant,
  WEIGHT_PRESETS,
  type WeightChoice,
} from '../rewards/index.ts';
import type { ModelFlags } from './reward-models.ts';

/** The flags, read. */
export interface Flags extends ModelFlags {
  readonly recipe: string;
  readonly variant: RewardVariant;
  readonly weights?: WeightChoice;
  readonly extras?: Readonly<Record<string, number>>;
  readonly lengths?: PenaltyLengths;
  readonly limit?: number;
  readonly dryRun?: true;
  readonly json?: true;
  readonly output?: string;
}

const presets = Object.entries(WEIGHT_PRESETS).map(
  ([recipe, weights]) => `  ${recipe}: ${Object.keys(weights).join(', ')}\n`,
);

/** What stands under the list of flags. */
export const HELP = `
Rows may also have: group and member; place { country, region, city } or these three by
themselves (else the target is resolved); entities, what is to be seen in the picture; image,
the path of the photograph, for a judge that sees. Of a photograph only its pixels are sent.

geoagent compares the lengths of reasoning within a group: its rows must follow each other.
Without --embed-model names are compared with the gazetteer, as the part nameMatch.

Presets of --weights:
${presets.join('')}
Examples:
  geor reward completions.jsonl > rewards.jsonl
  geor reward --variant released completions.jsonl --json -o rewards.json
  geor reward --recipe globe --weights two-reward completions.jsonl
  geor reward --recipe geoagent --judge-url http://127.0.0.1:8000/v1 --judge-model qwen3-32b \\
    --embed-model Xenova/paraphrase-multilingual-MiniLM-L12-v2 --cache answers completions.jsonl`;

/** A whole number above 0. */
export function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It is a whole number above 0.');
  return Number(text);
}

/** `a=1,b` as pairs; a part without a number has the weight `bare`, or is refused. */
function pairsOf(text: string, bare: number | undefined): Record<string, number> {
  const pairs = text.split(',').map((item) => {
    const [, part, , number] = /^\s*(\w+)(=(\d*\.?\d+))?\s*$/.exec(item) ?? [];
    const weight = number === undefined ? bare : Number(number);
    if (part === undefined || weight === undefined)
      throw new InvalidArgumentError(`'${item}' is not part=number.`);
    return [part, weight] as const;
  });
  return Object.fromEntries(pairs);
}

/** `readme` or `accuracy=1,format=0`. */
export const weightsOf = (text: string): WeightChoice =>
  text.includes('=') ? pairsOf(text, undefined) : text;

/** `levels` (weight 0: only reported) or `levels=0.5`. */
export function extrasOf(text: string): Record<string, number> {
  const extras = pairsOf(text, 0);
  const names: readonly string[] = GEO_R_EXTRAS;
  const strange = Object.keys(extras).find((name) => !names.includes(name));
  if (strange)
    throw new InvalidArgumentError(`There is no '${strange}', only ${names.join(', ')}.`);
  return extras;
}

/** `group` or `90-200`. */
export function lengthsOf(text: string): PenaltyLengths {
  if (text === 'group') return text;
  const [, min, max] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (min === undefined) throw new InvalidArgumentError('It is group, or characters as 90-200.');
  return { min: Number(min), max: Number(max) };
}
