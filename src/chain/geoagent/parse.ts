/**
 * Reads a GeoAgent answer.
 *
 * Strict, in either of two forms with nothing around them:
 * 1. `<think>..</think><answer>Country; Region; Place</answer>`, where the reasoning is the JSON
 *    object of the three stages or, under the other prompt conditions, prose or missing;
 * 2. the bare JSON object of the three stages with `FinalAnswer`, or of `FinalAnswer` alone.
 *
 * The object is valid JSON; every stage has `Clues` (a list), `Reasoning`, `Conclusion` and
 * `Uncertainty` (strings), and there are no other keys. The final answer has three parts, `N/A` for
 * an unknown one; in the first form the object may repeat it.
 * @module
 */
import type { Answer, ReasoningStage, Repair } from '../answer.ts';
import { findPairs } from '../text/coordinates.ts';
import type { NamedLevels } from '../text/levels.ts';
import { isSameName } from '../text/names.ts';
import { declinesToAnswer } from '../text/refusal.ts';
import { findObjects } from '../text/relaxed-json.ts';
import { readTags, type TaggedText } from '../text/tags.ts';
import { type FinalAnswer, namesFrom, readFinalAnswer } from './final-answer.ts';
import { readStages, type StagedObject } from './stages.ts';

/** An object of a text that belongs to a GeoAgent answer, and what stands around it. */
interface Found extends StagedObject {
  readonly isWhole: boolean;
  readonly isFenced: boolean;
  readonly after: string;
}

/** The last object with stages or a final answer. */
function findStages(text: string): Found | undefined {
  let found: Found | undefined;
  for (const { value, start, end, repairs } of findObjects(text)) {
    const read = readStages(value);
    if (!read || (found && found.stages.length > read.stages.length)) continue;
    const [before, after] = [text.slice(0, start).trim(), text.slice(end).trim()];
    found = {
      ...read,
      repairs: [...repairs, ...read.repairs],
      isWhole: before === '' && after === '',
      isFenced: before.endsWith('```') || /```\w{1,10}$/.test(before.slice(-16)),
      after,
    };
  }
  return found;
}

/** The last line with the form of a final answer, where no tag or key says which it is. */
function lastLine(text: string): FinalAnswer | undefined {
  const trimmed = text.trimEnd();
  const line = trimmed.slice(trimmed.lastIndexOf('\n') + 1).slice(-400);
  const parts = line.replace(/^.{0,40}answer["'*_]{0,3}\s?[:=]/i, '').split(';');
  const isName = (part: string): boolean => part.trim().split(/\s+/).length <= 8;
  return parts.length === 3 && parts.every(isName) ? readFinalAnswer(parts.join(';')) : undefined;
}

const conclusionsOf = (stages: readonly ReasoningStage[]): NamedLevels | undefined =>
  namesFrom(
    (['country', 'region', 'place'] as const).map(
      (level) => stages.find((stage) => stage.level === level)?.conclusion ?? '',
    ),
  );

const isSame = (a: NamedLevels, b: NamedLevels): boolean =>
  (['country', 'region', 'city'] as const).every(
    (level) => a[level] === b[level] || isSameName(a[level] ?? '', b[level] ?? ''),
  );

/** The final answer that counts: of the tags, else of the object, else of the last line or stages. */
function finalAnswerOf(
  text: string,
  tags: TaggedText,
  found: Found | undefined,
): FinalAnswer | undefined {
  const tagged = tags.answer?.includes('{') ? undefined : readFinalAnswer(tags.answer ?? '');
  const inside = found?.finalAnswer === undefined ? undefined : readFinalAnswer(found.finalAnswer);
  if (tagged && inside && !isSame(tagged.names, inside.names))
    return { names: tagged.names, repairs: [...tagged.repairs, 'several-candidates'] };
  if (tagged ?? inside) return tagged ?? inside;
  if (tags.answer === undefined) {
    const line = lastLine(found ? found.after : text);
    if (line) return { names: line.names, repairs: ['tags', ...line.repairs] };
  }
  const names = conclusionsOf(found?.stages ?? []);
  return names && { names, repairs: ['missing-final-answer'] };
}

/** What is wrong around the answer. */
function surroundings(tags: TaggedText, found: Found | undefined): Repair[] {
  const hasTags = tags.answer !== undefined || tags.think !== undefined;
  if (hasTags) {
    const repairs: Repair[] = [];
    // A final answer in tags is no object.
    if (!tags.isWellFormed || tags.answer?.includes('{')) repairs.push('tags');
    else if (tags.hasSurroundings) repairs.push('surrounding-text');
    if (found && !found.isWhole) repairs.push(found.isFenced ? 'code-fence' : 'surrounding-text');
    return repairs;
  }
  if (!found || found.isWhole) return [];
  return [found.isFenced ? 'code-fence' : 'surrounding-text'];
}

/** The reading of a GeoAgent completion. */
export function parseGeoAgent(text: string): Answer {
  const pairCount = findPairs(text).length;
  const tags = readTags(text);
  const found =
    (tags.think === undefined ? undefined : findStages(tags.think)) ??
    findStages(tags.answer ?? tags.rest);
  const final = finalAnswerOf(text, tags, found);
  const rest = {
    pairCount,
    ...(tags.think !== undefined && { reasoning: tags.think }),
    ...(found && found.stages.length > 0 && { stages: found.stages }),
  };
  if (!final) {
    const refusal = declinesToAnswer(tags.answer ?? text) ? ({ refusal: true } as const) : {};
    return { reading: 'unreadable', repairs: [], ...refusal, ...rest };
  }
  const repairs = new Set([
    ...surroundings(tags, found),
    ...(found?.repairs ?? []),
    ...final.repairs,
  ]);
  const reading = repairs.size === 0 ? 'strict' : 'repaired';
  return { reading, repairs: [...repairs], ...rest, ...final.names };
}
