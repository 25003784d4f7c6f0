/**
 * What a training row holds, and what a format makes of it.
 * @module
 */
import type { Place } from '../../geo/index.ts';
import type { LineBuffer } from './line-buffer.ts';

/** `sft`: rows with the answer to learn. `grpo`: prompts, with the truth for a reward. */
export type Stage = 'sft' | 'grpo';

/** A row before it is written. */
export interface ChainRow extends Pick<Place, 'lat' | 'lon'> {
  readonly id: string;
  /** The answer built from the place. */
  readonly answer: string;
  /** Path of the picture as it is written into the row. */
  readonly image?: string | undefined;
  readonly place: Place;
  /** What is to be seen in the picture; goes into the truth for a reward. */
  readonly entities?: readonly string[] | undefined;
}

/** What all rows of a file have in common. */
export interface RowSettings {
  readonly stage: Stage;
  readonly prompt: string;
  /** Whether rows have pictures; then every row has a list of them, if only an empty one. */
  readonly hasImages: boolean;
  /** What the rows are for, as their loader is told; `train` by default. */
  readonly split?: 'train' | 'validation' | undefined;
}

/** A way to write training rows for some engine. */
export interface RowFormat {
  /** Prepares the writing of rows; each becomes a line of JSON, without its end. */
  rowWriter(settings: RowSettings): (row: ChainRow, to: LineBuffer) => void;
  /** Where the lines are not yet the file: makes it from them. */
  readonly convert?: (linesPath: string, path: string, settings: RowSettings) => Promise<void>;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them
const NEEDS_ESCAPE = /[\u0000-\u001f"\\\ud800-\udfff]/;

/** JSON of text, the same as of `JSON.stringify` but faster for the short names that rows consist of. */
export function jsonText(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/**
 * JSON of degrees, always with a decimal point: loaders that guess a column's type from its first
 * rows take `2` for an integer and then fail on `2.5`.
 */
export function jsonDegrees(degrees: number): string {
  return Number.isInteger(degrees) ? degrees.toFixed(1) : String(degrees);
}

/**
 * JSON of the names of a place. Every row has the same keys, because loaders refuse rows that
 * differ; a level that is not known is empty.
 */
export function jsonPlace({ continent, country, countryCode, region, city }: Place): string {
  return (
    `{"continent":${jsonText(continent)},"country":${jsonText(country)},` +
    `"countryCode":"${countryCode}","region":${jsonText(region ?? '')},` +
    `"city":${jsonText(city ?? '')}}`
  );
}

/** The truth as one JSON text, which passes through every loader unchanged. */
export function truthText({ lat, lon, place, entities }: ChainRow): string {
  const seen = entities ? `,"entities":${JSON.stringify(entities)}` : '';
  return `{"lat":${jsonDegrees(lat)},"lon":${jsonDegrees(lon)},"place":${jsonPlace(place)}${seen}}`;
}

/** `"lat":..,"lon":..` and the truth in the stage's form: the place, or one text for the reward. */
export function jsonTruth(row: ChainRow, stage: Stage): string {
  const coordinate = `"lat":${jsonDegrees(row.lat)},"lon":${jsonDegrees(row.lon)}`;
  return stage === 'sft'
    ? `${coordinate},"place":${jsonPlace(row.place)}`
    : `${coordinate},"solution":${jsonText(truthText(row))}`;
}

/** The `images` column with its comma, for files that have one. */
export function jsonImages({ image }: ChainRow, { hasImages }: RowSettings): string {
  if (!hasImages) return '';
  return image === undefined ? '"images":[],' : `"images":[${jsonText(image)}],`;
}
