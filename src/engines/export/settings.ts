/**
 * `--set name=value`: a number of the recipe, or a setting in the engine's own words.
 *
 * The engines' names come from lists in `assets/engines/`, taken from the engines themselves by
 * scripts in `interop/`; a name that is in neither is refused, because some engines ignore what they
 * do not know.
 * @module
 */
import { parse } from 'yaml';
import { GeorError } from '../../core/index.ts';
import { readAsset } from '../../core/node/index.ts';
import { numberNames } from './recipe.ts';

/** Settings by whose words they are in. */
export interface Settings {
  readonly numbers: Readonly<Record<string, unknown>>;
  readonly engine: Readonly<Record<string, unknown>>;
}

/** The names that a version of an engine knows at a stage. */
export function engineKeys(engine: string, version: string, stage: string): ReadonlySet<string> {
  const text = readAsset(`engines/${engine}-${version}-${stage}.keys.txt`).toString('utf8');
  return new Set(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')));
}

/**
 * Sorts settings; values are read as YAML, so `true`, `3` and `[a, b]` are what they look like.
 *
 * A name behind `+` is passed to the engine unseen.
 *
 * @param assignments - `name=value` each
 * @throws GeorError `usage` for a name that nobody knows
 */
export function sortSettings(
  assignments: readonly string[],
  stage: 'sft' | 'grpo',
  keys: ReadonlySet<string>,
): Settings {
  const numbers: Record<string, unknown> = {};
  const engine: Record<string, unknown> = {};
  const ours = new Set(numberNames(stage));
  for (const assignment of assignments) {
    const at = assignment.indexOf('=');
    const name = assignment.slice(0, at).trim();
    if (at < 1 || name === '')
      throw new GeorError('usage', `cannot read --set ${assignment}`, {
        hint: 'write --set NAME=VALUE',
      });
    const value = readValue(assignment.slice(at + 1));
    if (ours.has(name)) numbers[name] = value;
    else if (name.startsWith('+') || keys.has(name)) engine[name] = value;
    else throw unknown(name, [...ours, ...keys]);
  }
  return { numbers, engine };
}

function readValue(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return text;
  }
}

function unknown(name: string, known: readonly string[]): GeorError {
  const last = name.split('.').at(-1)!;
  const near = known.filter((key) => key.split('.').at(-1) === last || key.includes(name));
  const hint =
    near.length > 0
      ? `did you mean ${near.slice(0, 3).join(' or ')}?`
      : 'a name that the engine does know and geor does not is passed on as +NAME=VALUE';
  return new GeorError('usage', `nothing is set by ${name}`, { hint });
}
