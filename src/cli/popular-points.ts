/**
 * Popular points for a hard selection: a list of coordinates, or the samples that a model located
 * correctly.
 *
 * Source: Geo-R, section 3.3. The paper does not say how near an answer has to be to be correct; the
 * default is the 25 km of its city threshold, and the data card records it.
 * @module
 */
import type { AnswerContract } from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import {
  type CardFile,
  cardFile,
  defaultGazetteer,
  openFile,
  parseColumns,
} from '../data/index.ts';
import {
  FailureLog,
  parseRowColumns,
  readPredictions,
  readTruth,
  scorePredictions,
  truthTable,
} from '../evaluate/index.ts';
import { type Coordinate, forwardGeocode } from '../geo/index.ts';

/** How near an answer has to be to count as correct, kilometres. */
export const CORRECT_WITHIN_KM = 25;

/** The flags of `geor select hard` that say what is popular. */
export interface PopularFlags {
  readonly popular: string;
  readonly popularColumns?: string;
  readonly truth?: string;
  readonly truthColumns?: string;
  readonly correctWithinKm?: number;
  readonly contract?: AnswerContract;
}

/** Popular points, and where they come from, for the data card. */
export interface PopularPoints {
  readonly points: readonly Coordinate[];
  readonly about: PopularSource;
  /** Lines of the predictions that could not be read: their samples count as not located. */
  readonly failures: FailureLog;
}

/** Where popular points come from. */
export type PopularSource =
  | { readonly coordinates: CardFile }
  | {
      readonly predictions: CardFile;
      readonly truth: CardFile;
      readonly truthRows: number;
      readonly correctWithinKm: number;
      readonly contract: AnswerContract;
    };

/**
 * Reads the popular points.
 *
 * @throws GeorError `data` when a file is missing, holds a coordinate that cannot be read, or nothing
 * is popular; `usage` for flags that need `--truth`
 */
export async function popularPoints(flags: PopularFlags): Promise<PopularPoints> {
  const { popular, truth } = flags;
  if (truth === undefined) {
    const idle = { '--correct-within-km': flags.correctWithinKm, '--contract': flags.contract };
    const [flag] = Object.entries({ ...idle, '--truth-columns': flags.truthColumns }).flatMap(
      ([name, value]) => (value === undefined ? [] : [name]),
    );
    if (flag !== undefined)
      throw new GeorError('usage', `${flag} needs --truth`, {
        hint: `without it every coordinate of ${popular} is popular`,
      });
  }
  const found = await (truth === undefined
    ? listedPoints(popular, flags.popularColumns)
    : locatedPoints(popular, truth, flags));
  if (found.points.length === 0)
    throw new GeorError('data', `${popular} gives no popular point`, {
      hint: truth === undefined ? 'the file is empty' : 'no answer is near enough to its truth',
    });
  return found;
}

async function listedPoints(path: string, columns: string | undefined): Promise<PopularPoints> {
  const points: Coordinate[] = [];
  for await (const batch of openFile(path, columns === undefined ? {} : parseColumns(columns))) {
    for (const item of batch) {
      // A region that is popular and not known to be so would stay in the hard samples.
      if (item.kind === 'failure')
        throw new GeorError('data', `${path}:${item.line}: ${item.reason}`, {
          hint: 'mend or remove the row; for predictions give --truth too',
        });
      points.push({ lat: item.lat, lon: item.lon });
    }
  }
  return { points, about: { coordinates: await cardFile(path) }, failures: new FailureLog() };
}

async function locatedPoints(
  path: string,
  truthPath: string,
  flags: PopularFlags,
): Promise<PopularPoints> {
  const { correctWithinKm = CORRECT_WITHIN_KM, contract = 'geo-r' } = flags;
  const columnsOf = (text: string | undefined, flag: string) =>
    text === undefined ? {} : { columns: parseRowColumns(text, flag) };
  const failures = new FailureLog();
  const truth = truthTable(readTruth(truthPath, columnsOf(flags.truthColumns, '--truth-columns')));
  const predictions = readPredictions(
    path,
    failures,
    columnsOf(flags.popularColumns, '--popular-columns'),
  );
  const { distanceKm } = scorePredictions(truth, predictions, {
    contract,
    geocode: (query) => forwardGeocode(defaultGazetteer(), query),
  });
  const points: Coordinate[] = [];
  distanceKm.forEach((km, row) => {
    if (km <= correctWithinKm) points.push({ lat: truth.lat[row]!, lon: truth.lon[row]! });
  });
  const about = {
    predictions: await cardFile(path),
    truth: await cardFile(truthPath),
    truthRows: truth.n,
    correctWithinKm,
    contract,
  };
  return { points, about, failures };
}
