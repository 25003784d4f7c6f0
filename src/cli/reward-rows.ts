/**
 * The input rows of `geor reward`: read, checked and put into batches that keep groups whole.
 * @module
 */
import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { GeorError } from '../core/index.ts';
import type { PlaceNames } from '../geo/index.ts';

const label = z.union([z.string().min(1), z.number()]);
const text = z.string().min(1).nullish();
const placeNames = z.object({ country: text, region: text, city: text });
const schema = placeNames.extend({
  id: label,
  completion: z.string(),
  lat: z.number(),
  lon: z.number(),
  group: label.nullish(),
  member: label.nullish(),
  place: placeNames.nullish(),
  entities: z.array(z.string()).nullish(),
  image: text,
});

/** A row that can be scored. */
export interface RewardRow {
  readonly id: string | number;
  readonly completion: string;
  readonly lat: number;
  readonly lon: number;
  readonly group?: string | number;
  readonly member?: string | number;
  /** Absent unless the row names the country. */
  readonly place?: PlaceNames;
  readonly entities?: readonly string[];
  /** Path of the photograph. */
  readonly image?: string;
}

/** A row that cannot be scored, and why. */
export interface BadRow {
  readonly id: string | number | null;
  readonly unscored: string;
}

/** One line of the input. */
export interface InputLine {
  readonly line: number;
  readonly row: RewardRow | BadRow;
}

/** Whether a row cannot be scored. */
export const isBad = (row: RewardRow | BadRow): row is BadRow => 'unscored' in row;

/** Rows scored at once, where groups do not ask for more. */
const BATCH_ROWS = 256;
/** A group with more rows than this is cut, so that no input can fill the memory. */
export const LONGEST_GROUP = 4096;
/** How many groups that have ended are remembered, to notice one that goes on later. */
const REMEMBERED_GROUPS = 100_000;

/**
 * Reads JSONL from a file, or from stdin for `-`. Blank lines are passed over.
 *
 * @throws GeorError `data` when the input cannot be read.
 */
export async function* readRewardRows(input: string): AsyncGenerator<InputLine> {
  let line = 0;
  for await (const piece of lines(input)) {
    line++;
    if (piece.trim() !== '') yield { line, row: readRow(piece) };
  }
}

/** Lines end at `\n` only: JSON strings may hold the other line separators of Unicode. */
async function* lines(input: string): AsyncGenerator<string> {
  const stream = input === '-' ? process.stdin : createReadStream(input);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const parts = (rest + decoder.write(chunk)).split('\n');
      rest = parts.pop()!;
      yield* parts;
    }
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    const reason = cause.code === 'ENOENT' ? 'it does not exist' : cause.message;
    throw new GeorError('data', `cannot read ${input}: ${reason}`, {
      hint: 'give a JSONL file, or - for stdin',
      cause,
    });
  }
  yield rest + decoder.end();
}

function readRow(piece: string): RewardRow | BadRow {
  let value: unknown;
  try {
    value = JSON.parse(piece.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { id: null, unscored: `not JSON: ${(error as Error).message}` };
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const id = z.object({ id: label }).safeParse(value);
    const reasons = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'row'}: ${issue.message}`,
    );
    return { id: id.success ? id.data.id : null, unscored: reasons.join('; ') };
  }
  const { id, completion, lat, lon, group, member, entities, image } = parsed.data;
  const place = namesOf(parsed.data.place ?? parsed.data);
  return {
    id,
    completion,
    lat,
    lon,
    ...(group != null && { group }),
    ...(member != null && { member }),
    ...(place && { place }),
    ...(entities && { entities }),
    ...(image && { image }),
  };
}

function namesOf({ country, region, city }: z.infer<typeof placeNames>): PlaceNames | undefined {
  if (!country) return undefined;
  return { country, ...(region && { region }), ...(city && { city }) };
}

/** What happened to groups on the way. */
export interface GroupFaults {
  /** Groups that go on after other rows: their pieces were scored apart. */
  apart: number;
  /** Groups with more than {@link LONGEST_GROUP} rows: cut. */
  cut: number;
}

/**
 * Puts lines into batches. With `faults`, adjacent rows of a group stay in one batch; where that
 * cannot be, it is counted there.
 */
export async function* batches(
  source: AsyncIterable<InputLine>,
  faults: GroupFaults | undefined,
): AsyncGenerator<readonly InputLine[]> {
  const ended = new Set<string | number>();
  let batch: InputLine[] = [];
  let current: string | number | undefined;
  let length = 0;
  for await (const item of source) {
    const group = faults && !isBad(item.row) ? item.row.group : undefined;
    // a row that cannot be read does not end the group around it
    const isOther = faults ? !isBad(item.row) && (group === undefined || group !== current) : true;
    if (isOther) {
      if (batch.length >= BATCH_ROWS) {
        yield batch;
        batch = [];
      }
      if (current !== undefined) remember(ended, current);
      if (faults && group !== undefined && ended.has(group)) faults.apart++;
      current = group;
      length = 0;
    } else if (faults && length === LONGEST_GROUP) {
      yield batch;
      batch = [];
      faults.cut++;
      length = 0;
    }
    batch.push(item);
    length++;
  }
  if (batch.length > 0) yield batch;
}

function remember(ended: Set<string | number>, group: string | number): void {
  ended.add(group);
  if (ended.size <= REMEMBERED_GROUPS) return;
  const [oldest] = ended;
  if (oldest !== undefined) ended.delete(oldest);
}
