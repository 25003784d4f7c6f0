/**
 * Coordinate regression beside next-token prediction, without a head of its own.
 *
 * Source: Geo-R, section 4.3: "We optimize a joint objective over coordinate regression and reasoning
 * chain generation". Nothing else is printed: not what regresses, in which unit, with what weight. A
 * regression head would change the checkpoint and would not be what answers at test time, so the
 * digits themselves are the regressor here. For every digit token t of an answer's coordinate pair,
 *
 *     expected error_t = sum over tokens c of equally many digits of p_t(c) d(pair with c for t, pair)
 *
 * where p_t is the model's distribution at that place, restricted to those tokens and normalised, and
 * d is the great-circle distance as a share of half the Earth's circumference (a pair that is no
 * coordinate counts 1). An answer's term is the sum over its digits; the batch's is the mean over
 * answers with a pair; it is added with the weight `coordinateWeight`. So a wrong ten weighs ten times
 * a wrong one, where next-token loss sees two wrong tokens.
 *
 * What this leaves out: signs (another sign is another number of tokens; they are left to next-token
 * loss), the other digits' uncertainty (each is judged with the true ones around it), and answers
 * without a pair in parentheses.
 * @module
 */
import { type Coordinate, EARTH_RADIUS_KM, haversineKm } from '../geo/index.ts';
import type { PackedBatch, Tokenizer } from '../model/index.ts';
import { ops, type Shaped, type Tensor } from '../tensor/index.ts';
import type { BuildLoss } from './answer-step.ts';
import type { Turn } from './task.ts';

const HALF_TURN_KM = Math.PI * EARTH_RADIUS_KM;
/** Answers whose digits are remembered: more than a batch holds. */
const KEPT_ANSWERS = 4096;
const PAIR = /\((-?\d+(?:\.\d+)?),\s*(-?\d+(?:\.\d+)?)\)/g;

/** A digit token of an answer: what each candidate in its place would cost. */
interface DigitTarget {
  /** Place in the answer's tokens. */
  readonly place: number;
  /** By candidate, [0, 1]; `null` for one of another number of digits. */
  readonly costs: readonly (number | null)[];
}

/** Finds the digits of answers, and the inputs of {@link jointLoss} for a batch. */
export class CoordinateTargets {
  /** Tokens of nothing but digits. */
  readonly candidates: readonly number[];
  readonly #texts: ReadonlyMap<number, string>;
  readonly #tokenizer: Tokenizer;
  readonly #known = new Map<string, readonly DigitTarget[]>();

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
    const digits = Array.from(
      { length: tokenizer.vocabSize },
      (_, id) => [id, tokenizer.decode([id])] as const,
    ).filter(([, text]) => /^[0-9]+$/.test(text));
    this.#texts = new Map(digits);
    this.candidates = digits.map(([id]) => id);
  }

  /** How many of the turns' answers have a pair. */
  count(turns: readonly Turn[]): number {
    return turns.filter(({ answer }) => this.targetsOf(answer).length > 0).length;
  }

  /** The digit tokens of an answer's last pair. */
  targetsOf(answer: readonly number[]): readonly DigitTarget[] {
    const key = answer.join();
    let targets = this.#known.get(key);
    if (!targets) {
      targets = this.#find(answer);
      if (this.#known.size >= KEPT_ANSWERS) this.#known.clear();
      this.#known.set(key, targets);
    }
    return targets;
  }

  #find(answer: readonly number[]): readonly DigitTarget[] {
    const pieces = answer.map((token) => this.#tokenizer.decode([token]));
    const text = pieces.join('');
    const pair = [...text.matchAll(PAIR)].at(-1);
    if (!pair) return [];
    const [begin, end] = [pair.index, pair.index + pair[0].length];
    const truth = coordinateOf(pair[0]);
    if (!truth) return [];
    let at = 0;
    return pieces.flatMap((piece, place) => {
      const from = at;
      at += piece.length;
      const own = this.#texts.get(answer[place]!);
      if (own === undefined || from < begin || at > end) return [];
      const costs = this.candidates.map((candidate) => {
        const other = this.#texts.get(candidate)!;
        if (other.length !== own.length) return null;
        const changed = coordinateOf(text.slice(begin, from) + other + text.slice(at, end));
        return changed ? haversineKm(truth, changed) / HALF_TURN_KM : 1;
      });
      return [{ place, costs }];
    });
  }

  /**
   * The inputs of {@link jointLoss}.
   *
   * @param turns - of the batch, in the order they were packed
   * @param weight - of every digit
   */
  feeds(turns: readonly Turn[], batch: PackedBatch, weight: number): Record<string, Shaped> {
    const digits = this.candidates.length;
    const rows: number[] = [];
    const costs: number[] = [];
    const closed: number[] = [];
    const placed = new Int32Array(turns.length);
    batch.answerCompletions.forEach((turn, row) => {
      const place = placed[turn]!++;
      const target = this.targetsOf(turns[turn]!.answer).find((one) => one.place === place);
      if (!target) return;
      rows.push(row);
      for (const cost of target.costs) {
        costs.push(cost ?? 0);
        closed.push(cost === null ? -1e9 : 0);
      }
    });
    const count = Math.max(1, rows.length); // a row of no weight where there is none
    const table = (values: readonly number[]): Shaped => {
      const data = new Float32Array(count * digits);
      data.set(values);
      return { data, shape: [count, digits] };
    };
    const weights = new Float32Array(count).fill(rows.length > 0 ? weight : 0);
    const places = new BigInt64Array(count);
    places.set(rows.map(BigInt));
    return {
      digitRows: { data: places, shape: [count] },
      digitCosts: table(costs),
      digitClosed: table(closed),
      digitWeights: { data: weights, shape: [count] },
    };
  }
}

/** The coordinate of a pair in parentheses; `null` where there is no such place. */
function coordinateOf(pair: string): Coordinate | null {
  const [lat, lon] = pair.slice(1, -1).split(',').map(Number) as [number, number];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : null;
}

/**
 * Next-token loss plus the expected error of the coordinate's digits. Inputs `weights` and those of
 * {@link CoordinateTargets.feeds}; outputs `regression`, the second term with its weight.
 */
export const jointLoss =
  ({ candidates }: CoordinateTargets): BuildLoss =>
  ({ graph, logits, logProbabilities }) => {
    const weights = graph.input('weights', ['answers']);
    const rows = graph.input('digitRows', ['digits'], 'int64');
    const table = (name: string): Tensor => graph.input(name, ['digits', candidates.length]);
    const columns = graph.constant(BigInt64Array.from(candidates, BigInt), [candidates.length]);
    const byToken = ops.transpose(ops.gatherRows(logits, rows), [1, 0]);
    const ofDigits = ops.transpose(ops.gatherRows(byToken, columns), [1, 0]); // (digits, candidates)
    const chances = ops.softmax(ops.add(ofDigits, table('digitClosed')));
    const expected = ops.sum(ops.mul(chances, table('digitCosts')), [1]);
    const regression = ops.sum(ops.mul(expected, graph.input('digitWeights', ['digits'])));
    const nextToken = ops.neg(ops.sum(ops.mul(weights, logProbabilities)));
    return { loss: ops.add(nextToken, regression), outputs: { regression } };
  };
