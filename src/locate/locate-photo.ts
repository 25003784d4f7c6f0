/**
 * Where was this picture taken? Asks a backend several times and makes one answer of what it says.
 * @module
 */
import { type AnswerContract, answerPrompt, type PromptCondition } from '../chain/index.ts';
import { GeorError, random } from '../core/index.ts';
import type { AskFailure, Backend, GuardedPicture, Prompt } from './backend.ts';
import { type Calibration, isForScope } from './calibration/calibration.ts';
import { methodName, type PointOptions } from './consensus/point.ts';
import { withPrecision } from './precision.ts';
import { type LocateResult, locateResult, type Precision, type ResultOptions } from './result.ts';

/** How to ask. */
export interface AskSettings {
  /** What the answer is to look like; `geo-r` by default. */
  readonly contract?: AnswerContract;
  /** `cor` by default: country, region, city, then the coordinate. */
  readonly condition?: PromptCondition;
  /** Answers to ask for; 8 by default. */
  readonly samples?: number;
  /** 0.7 by default, 0 for a single sample. */
  readonly temperature?: number;
  readonly topP?: number;
  /** Tokens of an answer at most; by default enough for the contract. */
  readonly maxTokens?: number;
  /** 0 by default. Each picture has a seed of its own, made from this and its pixels. */
  readonly seed?: number;
}

/** How to locate. */
export interface LocateOptions extends AskSettings, ResultOptions {
  /** How finely the result may tell; `point` by default. */
  readonly precision?: Precision;
  readonly signal?: AbortSignal | undefined;
  /** Told of each answer as it grows. */
  readonly onText?: (sample: number, textSoFar: string) => void;
}

/** The settings with their defaults. */
export function completeSettings(settings: AskSettings): Required<AskSettings> {
  const { contract = 'geo-r', condition = 'cor', samples = 8, topP = 1, seed = 0 } = settings;
  const isLong = condition !== 'direct' && !(contract === 'geo-r' && condition === 'cor');
  return {
    ...{ contract, condition, samples, topP, seed },
    temperature: settings.temperature ?? (samples === 1 ? 0 : 0.7),
    maxTokens: settings.maxTokens ?? (isLong ? 1024 : 256),
  };
}

/**
 * A calibration, if it is for what is asked; `undefined` if it is not.
 *
 * @param backend - opened to keep answers in shape where it can, as it is by default
 */
export function calibrationFor(
  calibration: Calibration | undefined,
  backend: Pick<Backend, 'identity'>,
  options: AskSettings & PointOptions,
): Calibration | undefined {
  const { contract, condition, samples, temperature } = completeSettings(options);
  const wanted = {
    model: backend.identity,
    ...{ contract, condition, samples, temperature },
    method: methodName(options),
    structured: 'auto',
  } as const;
  return calibration && isForScope(calibration, wanted) ? calibration : undefined;
}

/** The question of a contract and condition, in the wording for a backend. */
export const promptFor = (
  { contract, condition }: Pick<Required<AskSettings>, 'contract' | 'condition'>,
  backend: Pick<Backend, 'promptStyle'>,
): Prompt => ({
  text: answerPrompt(contract, condition, backend.promptStyle),
  ...{ contract, condition },
});

/** A picture's own seed: 31 bits. */
export const seedOf = (seed: number, contentId: string): number =>
  random('locate', seed, contentId).integer(2 ** 31);

/**
 * Locates one picture.
 *
 * @throws GeorError `backend` when not a single answer came
 */
export async function locatePhoto(
  picture: GuardedPicture,
  backend: Backend,
  options: LocateOptions = {},
): Promise<LocateResult> {
  const settings = completeSettings(options);
  const { samples, temperature, topP, maxTokens } = settings;
  const prompt = promptFor(settings, backend);
  const asked = await backend.ask(picture, prompt, {
    ...{ samples, temperature, topP, maxTokens },
    seed: seedOf(settings.seed, picture.contentId),
    signal: options.signal,
    onText: options.onText,
  });
  const { completions, failures, notes = [] } = asked;
  if (completions.length === 0) throw noAnswer(backend, failures);
  const result = locateResult(
    {
      ...{
        contentId: picture.contentId,
        backend: backend.name,
        prompt,
        completions,
        failures,
        notes,
      },
      carried: picture.carried,
    },
    options,
  );
  return withPrecision(result, options.precision ?? 'point', options.gazetteer);
}

const noAnswer = (backend: Backend, failures: readonly AskFailure[]): GeorError =>
  new GeorError('backend', failures[0]?.reason ?? `${backend.name} gave no answer`, {
    hint: 'see that the server runs and serves a model that reads pictures; geor doctor',
  });
