/**
 * The three stages of a GeoAgent answer, from the JSON object that holds them.
 * @module
 */
import { z } from 'zod';
import type { ReasoningStage, Repair } from '../answer.ts';
import type { JsonObject, JsonValue } from '../text/relaxed-json.ts';

const exactStage = z.strictObject({
  Clues: z.array(z.string()),
  Reasoning: z.string(),
  Conclusion: z.string(),
  Uncertainty: z.string(),
});
const exactAnswer = z.strictObject({
  CountryIdentification: exactStage,
  RegionalGuess: exactStage,
  PreciseLocalization: exactStage,
  FinalAnswer: z.string().optional(),
});

/** What an object holds of a GeoAgent answer. */
export interface StagedObject {
  readonly stages: readonly ReasoningStage[];
  readonly finalAnswer?: string;
  readonly repairs: readonly Repair[];
}

// By letters alone, in lower case; `ReagionGuess` and `RegionGuess` occur in the wild.
const stageKeys: ReadonlyMap<string, ReasoningStage['level']> = new Map([
  ['countryidentification', 'country'],
  ['countryguess', 'country'],
  ['regionalguess', 'region'],
  ['regionguess', 'region'],
  ['reagionguess', 'region'],
  ['reagionalguess', 'region'],
  ['regionidentification', 'region'],
  ['regionalidentification', 'region'],
  ['preciselocalization', 'place'],
  ['preciselocalisation', 'place'],
  ['preciselocation', 'place'],
]);
const levels = ['country', 'region', 'place'] as const;

const letters = (key: string): string => key.toLowerCase().replace(/[^a-z]/g, '');
const isObject = (value: JsonValue | undefined): value is JsonObject => value instanceof Map;

/** A value as plain text: lists joined, what is nested deeper dropped. */
function words(value: JsonValue | undefined): string {
  if (value === undefined || value === null || isObject(value)) return '';
  return typeof value === 'object' ? value.map(words).join('; ') : String(value);
}

function plain(value: JsonValue): unknown {
  if (isObject(value))
    return Object.fromEntries([...value].map(([key, entry]) => [key, plain(entry)]));
  return value !== null && typeof value === 'object' ? value.map(plain) : value;
}

function stage(level: ReasoningStage['level'], from: JsonObject): ReasoningStage {
  const fields = new Map([...from].map(([key, value]) => [letters(key), value]));
  const clues = fields.get('clues') ?? fields.get('clue') ?? [];
  const list = clues !== null && typeof clues === 'object' && !isObject(clues) ? clues : [clues];
  return {
    level,
    clues: list.map(words).filter((clue) => clue !== ''),
    reasoning: words(fields.get('reasoning')),
    conclusion: words(fields.get('conclusion')),
    uncertainty: words(fields.get('uncertainty')),
  };
}

/** The final answer as text, also where a model writes its parts as an object or list. */
function finalText(value: JsonValue): string {
  if (isObject(value)) return [...value.values()].map(words).join('; ');
  return words(value);
}

/** Reads an object to the letter; `undefined` where anything is missing, more or otherwise spelt. */
function readExact(object: JsonObject): StagedObject | undefined {
  if (!object.has('CountryIdentification')) return undefined;
  const checked = exactAnswer.safeParse(plain(object));
  if (!checked.success) return undefined;
  const { CountryIdentification, RegionalGuess, PreciseLocalization, FinalAnswer } = checked.data;
  const stages = [CountryIdentification, RegionalGuess, PreciseLocalization].map((read, i) => ({
    level: levels[i]!,
    clues: read.Clues,
    reasoning: read.Reasoning,
    conclusion: read.Conclusion,
    uncertainty: read.Uncertainty,
  }));
  return {
    stages,
    ...(FinalAnswer !== undefined && { finalAnswer: FinalAnswer }),
    repairs: [],
  };
}

/** Reads what can be read; `undefined` where the object has neither a stage nor a final answer. */
export function readStages(object: JsonObject): StagedObject | undefined {
  const exact = readExact(object);
  if (exact) return exact;
  const found = new Map<ReasoningStage['level'], ReasoningStage>();
  const repairs = new Set<Repair>();
  let finalAnswer: string | undefined;
  const search = (from: JsonObject, isNested: boolean): void => {
    for (const [key, value] of from) {
      const name = letters(key);
      const level = stageKeys.get(name);
      if (level && isObject(value)) {
        const isSpelt = exactAnswer.keyof().safeParse(key).success;
        if (!isSpelt) repairs.add('key-name');
        if (isNested) repairs.add('nesting');
        if (!exactStage.safeParse(plain(value)).success) repairs.add('value-type');
        found.set(level, stage(level, value));
      } else if (name === 'finalanswer') {
        if (key !== 'FinalAnswer') repairs.add('key-name');
        if (typeof value !== 'string') repairs.add('value-type');
        finalAnswer = finalText(value);
      } else {
        const [before, text] = [found.size, finalAnswer];
        if (isObject(value) && !isNested) search(value, true);
        if (found.size === before && finalAnswer === text) repairs.add('key-name');
      }
    }
  };
  search(object, false);
  if (found.size === 0 && finalAnswer === undefined) return undefined;
  if (found.size > 0 && found.size < levels.length) repairs.add('missing-stage');
  return {
    stages: levels.flatMap((level) => found.get(level) ?? []),
    ...(finalAnswer !== undefined && { finalAnswer }),
    repairs: [...repairs],
  };
}
