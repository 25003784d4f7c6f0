/**
 * Coordinates in a text that does not keep the contract, with the repairs each of them needs.
 *
 * Numbers are joined to a pair when they stand under `lat` and `lon` labels, carry hemisphere
 * letters, share a pair of parentheses, or follow each other with decimals.
 *
 * Limits: an unlabelled pair is read latitude first unless the first number is beyond 90, so a
 * GeoJSON position `[2.35, 48.86]` is read the wrong way round. Decimal commas are read in pairs
 * that leave no other reading (`48,8566; 2,3522`): not after three digits, which may be thousands.
 * @module
 */
import type { Coordinate } from '../../geo/index.ts';
import type { Repair } from '../answer.ts';
import { isOnGlobe } from './coordinates.ts';
import { type DegreeNumber, degreeNumbers } from './numbers.ts';

/** A coordinate that can be read, and how. */
export interface Candidate {
  readonly coordinate: Coordinate;
  readonly repairs: readonly Repair[];
  /**
   * 3: introduced as the answer (`Coordinates: ..`, `Final answer: ..`). 2: marked as a coordinate by
   * labels, hemispheres or parentheses. 1: two bare decimal numbers.
   */
  readonly rank: 1 | 2 | 3;
}

/** Characters between the halves of a labelled pair: room for `± 0.01",\n  "longitude": "`. */
const LABELLED_REACH = 80;
/** Characters looked back for words that introduce an answer. */
const INTRODUCTION_REACH = 48;

const introduction =
  /(?:coordinates?|final answer|answer|lat(?:itude)?,? ?\/? ?lon(?:gitude)?)(?: (?:is|are))?[^\p{L}\d]{0,12}$/iu;
const separator = /^\s{0,3}(?:(,)|;|\/|\||and)?\s{0,3}$/;

const isNorthSouth = (of: DegreeNumber): boolean => of.hemisphere === 'N' || of.hemisphere === 'S';
const isEastWest = (of: DegreeNumber): boolean => of.hemisphere === 'E' || of.hemisphere === 'W';
const isMarked = (of: DegreeNumber): boolean => of.hasDegreeSign || of.hemisphere !== undefined;

/** Degrees with the hemisphere applied: `33.9 S` and `-33.9 S` are the same. */
const signed = (of: DegreeNumber): number =>
  of.hemisphere === undefined
    ? of.degrees
    : Math.abs(of.degrees) * (of.hemisphere === 'S' || of.hemisphere === 'W' ? -1 : 1);

function formRepairs(halves: readonly DegreeNumber[]): Repair[] {
  const repairs: Repair[] = [];
  if (halves.some((half) => half.hemisphere !== undefined)) repairs.push('hemisphere');
  if (halves.some((half) => half.hasMinutes)) repairs.push('minutes-seconds');
  else if (halves.some((half) => half.hasDegreeSign)) repairs.push('degree-sign');
  if (halves.some((half) => half.isOddForm)) repairs.push('number-format');
  return repairs;
}

/** The pair in the only order that lies on the globe, latitude first where both do. */
function oriented(lat: number, lon: number): { at: Coordinate; isSwapped: boolean } | undefined {
  if (isOnGlobe(lat, lon)) return { at: { lat, lon }, isSwapped: false };
  if (isOnGlobe(lon, lat)) return { at: { lat: lon, lon: lat }, isSwapped: true };
  return undefined;
}

function labelled(first: DegreeNumber, second: DegreeNumber): Omit<Candidate, 'rank'> | undefined {
  const [lat, lon] = first.label === 'lat' ? [first, second] : [second, first];
  const pair = oriented(signed(lat), signed(lon));
  if (!pair) return undefined;
  const repairs: Repair[] = ['labelled', ...formRepairs([lat, lon])];
  if (pair.isSwapped) repairs.push('swapped-order');
  return { coordinate: pair.at, repairs };
}

function unlabelled(
  text: string,
  first: DegreeNumber,
  second: DegreeNumber,
  isIntroduced: boolean,
): Candidate | undefined {
  if (second.start - first.end > 9) return undefined;
  const between = separator.exec(text.slice(first.end, second.start));
  if (!between || second.start === first.end) return undefined;
  const opening = /(\()?\s{0,3}$/.exec(text.slice(Math.max(0, first.start - 4), first.start));
  const isEnclosed =
    opening?.[1] !== undefined && /^\s{0,3}\)/.test(text.slice(second.end, second.end + 4));
  const isCertain = isEnclosed || (isMarked(first) && isMarked(second));
  const looksDecimal = first.hasDecimals && second.hasDecimals;
  if (!isCertain && !looksDecimal && !(isIntroduced && between[1])) return undefined;
  // Letters tell the order; two of one axis are two latitudes, not a pair.
  const isReversed = isEastWest(first) || isNorthSouth(second);
  if (isReversed && (isNorthSouth(first) || isEastWest(second))) return undefined;
  const pair = isReversed
    ? oriented(signed(second), signed(first))
    : oriented(signed(first), signed(second));
  if (!pair || (pair.isSwapped && (first.hemisphere ?? second.hemisphere))) return undefined;
  const repairs = formRepairs([first, second]);
  if (!isEnclosed) repairs.push('missing-parentheses');
  // A line break inside the parentheses is not the contract's white space.
  const inside = (): string => text.slice(first.start - opening![0].length, second.end + 4);
  if (!between[1] || (isEnclosed && /^[^)]*[^\S \t]/.test(inside()))) repairs.push('separator');
  if (isReversed || pair.isSwapped) repairs.push('swapped-order');
  return { coordinate: pair.at, repairs, rank: isIntroduced ? 3 : isCertain ? 2 : 1 };
}

/** Every readable coordinate, in order of appearance. */
export function findCandidates(text: string): Candidate[] {
  const numbers = degreeNumbers(text);
  const found: Candidate[] = [];
  const isIntroduced = (at: number): boolean =>
    introduction.test(text.slice(Math.max(0, at - INTRODUCTION_REACH), at));
  let open: DegreeNumber | undefined;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!;
    if (number.label) {
      const isOther = open && open.label !== number.label;
      if (open && isOther && number.start - open.end <= LABELLED_REACH) {
        const pair = labelled(open, number);
        if (pair) found.push({ ...pair, rank: isIntroduced(open.start) ? 3 : 2 });
        open = undefined;
      } else open = number;
      continue;
    }
    const next = numbers[i + 1];
    if (!next || next.label) continue;
    const candidate = unlabelled(text, number, next, isIntroduced(number.start));
    if (!candidate) continue;
    found.push(candidate);
    i++;
  }
  return found;
}

// `48,85; 2,35`, `48,8566, 2,3522`, `lat: 48,85, lon: 2,35`: a comma without space inside a number,
// something with space or words between two of them.
const decimalComma = /(?<![\d.,])(\d{1,3}),(\d{1,2}|\d{4,15})(?![.,]?\d)/g;
const decimalCommaPair = new RegExp(
  `${decimalComma.source}(?:\\s?[,;/|]\\s?|[^\\d\\n]{2,24})[-+−]?${decimalComma.source}`,
);

const same = (a: Candidate, b: Candidate): boolean =>
  a.coordinate.lat === b.coordinate.lat && a.coordinate.lon === b.coordinate.lon;

/**
 * The coordinate a text stands for: of the highest rank, the last one.
 *
 * The repairs also say whether there were others (`several-candidates`) or the same one again in
 * parentheses (`repeated-pair`).
 *
 * @param pairCount - of `findPairs`
 */
export function chooseCandidate(
  text: string,
  pairCount: number = 0,
): Omit<Candidate, 'rank'> | undefined {
  const plain = findCandidates(text);
  const hasCommas = pairCount === 0 && /\d,\d/.test(text) && decimalCommaPair.test(text);
  const rewritten = hasCommas ? findCandidates(text.replace(decimalComma, '$1.$2')) : [];
  const candidates = rewritten.length > 0 ? rewritten : plain;
  let chosen = candidates[0];
  if (!chosen) return undefined;
  for (const candidate of candidates) if (candidate.rank >= chosen.rank) chosen = candidate;
  const repairs: Repair[] = [...chosen.repairs];
  if (!plain.some((candidate) => same(candidate, chosen))) repairs.push('decimal-comma');
  if (candidates.some((candidate) => !same(candidate, chosen))) repairs.push('several-candidates');
  else if (pairCount > 1) repairs.push('repeated-pair');
  return { coordinate: chosen.coordinate, repairs };
}
