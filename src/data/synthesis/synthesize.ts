/**
 * From coordinates to training rows: resolve the place, write the answer, cut the picture.
 *
 * Source: Geo-R, section 3.1: Chain-of-Region labels come from reverse-resolving each training
 * picture's coordinate. Rows have the `messages` form that ms-swift and LLaMA-Factory read.
 *
 * One row at a time, so memory does not grow with the input; the same input gives the same rows.
 * Rows from files have no picture (and no `<image>` in the prompt, since engines count them).
 * @module
 */
import {
  type AnswerContract,
  answerPrompt,
  buildChain,
  type PromptCondition,
  type PromptStyle,
} from '../../chain/index.ts';
import { type Gazetteer, type Place, reverseGeocode } from '../../geo/index.ts';
import type { Earth } from '../earth/earth.ts';
import { pictureId, tilePicture } from '../earth/tile-picture.ts';
import type { Picture } from '../picture.ts';
import type { RowFailure, Source, SourceItem } from '../sources/row.ts';

/** One turn of a conversation. */
export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** A row of training data as it is written. */
export interface TrainingRow {
  readonly id: string;
  readonly messages: readonly Message[];
  /** Paths relative to the file of rows, one per `<image>` in the messages. */
  readonly images?: readonly string[];
  readonly lat: number;
  readonly lon: number;
  readonly place: Place;
}

/** A training row with the picture that its `images` names. */
export interface Synthesized {
  readonly kind: 'row';
  readonly row: TrainingRow;
  readonly picture?: { readonly path: string; readonly pixels: Picture };
}

/** What to write into the rows. */
export interface SynthesisOptions {
  readonly contract: AnswerContract;
  readonly condition: PromptCondition;
  /** Prompt wording; `full` by default. */
  readonly style?: PromptStyle | undefined;
  /** Decimals of the answer's coordinate; the contract's default when absent. */
  readonly decimals?: number | undefined;
}

/** Cuts the pictures of rows from the embedded Earth. */
export interface TileMaker {
  readonly earth: Earth;
  readonly spanDegrees: number;
  readonly sizePx: number;
}

/**
 * Turns source rows into training rows, in order; failures pass through, and a point without a
 * country (the open sea) becomes one.
 *
 * @param tiles - how to cut a picture for each row; without it rows have none
 */
export async function* synthesize(
  source: Source,
  options: SynthesisOptions,
  gazetteer: Gazetteer,
  tiles?: TileMaker,
): AsyncGenerator<Synthesized | RowFailure> {
  const prompt = answerPrompt(options.contract, options.condition, options.style);
  const { contract, condition, decimals } = options;
  const chainOptions = { condition, ...(decimals === undefined ? {} : { decimals }) };
  for await (const item of each(source)) {
    if (item.kind === 'failure') {
      yield item;
      continue;
    }
    const { lat, lon, id } = item;
    const place = reverseGeocode(gazetteer, lat, lon);
    if (!place) {
      const reason = `no country at ${lat}, ${lon}: open sea, or nobody's land`;
      const { source: from, line, raw } = item;
      yield { kind: 'failure', source: from, line, code: 'no-country', reason, id, raw };
      continue;
    }
    const picture = tiles && cutPicture(tiles, lat, lon);
    const row: TrainingRow = {
      id,
      messages: [
        { role: 'user', content: picture ? `<image>${prompt}` : prompt },
        { role: 'assistant', content: buildChain(place, contract, chainOptions) },
      ],
      ...(picture ? { images: [picture.path] } : {}),
      lat,
      lon,
      place,
    };
    yield picture ? { kind: 'row', row, picture } : { kind: 'row', row };
  }
}

/** The items of the batches, one by one. */
async function* each(source: Source): AsyncGenerator<SourceItem> {
  for await (const batch of source) yield* batch;
}

function cutPicture({ earth, spanDegrees, sizePx }: TileMaker, lat: number, lon: number) {
  const pixels = tilePicture(earth, { lat, lon, spanDegrees, sizePx });
  return { path: `images/${pictureId(pixels)}.jpg`, pixels };
}
