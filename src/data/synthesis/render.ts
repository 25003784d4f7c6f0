/**
 * Coordinates to lines of training rows: resolve the place, write the answer, put it in the format.
 *
 * Source: Geo-R, section 3.1: Chain-of-Region labels come from reverse-resolving each training
 * picture's coordinate. This is the part that takes the time, so it takes and gives batches that pass
 * cheaply between threads; the same batch gives the same bytes in every thread.
 * @module
 */
import {
  type AnswerContract,
  answerPrompt,
  buildChain,
  type PromptCondition,
  type PromptStyle,
} from '../../chain/index.ts';
import { type Gazetteer, type PlaceNames, reverseGeocode } from '../../geo/index.ts';
import { type RowFormatName, rowFormat } from '../formats/formats.ts';
import { LineBuffer } from '../formats/line-buffer.ts';
import type { RowSettings, Stage } from '../formats/row-format.ts';
import { countLabels, type LabelCounts, LabelJudge } from './label-repair.ts';

/** What to write into the rows; plain data, so that it can go to another thread. */
export interface RenderOptions {
  readonly contract: AnswerContract;
  readonly condition: PromptCondition;
  readonly style: PromptStyle;
  readonly stage: Stage;
  readonly format: RowFormatName;
  /** Decimals of the answer's coordinate; the contract's default when absent. */
  readonly decimals?: number | undefined;
  /** Whether rows have pictures. */
  readonly hasImages: boolean;
  /** Put before the path of each picture, e.g. `/shared/run/data/`; nothing by default. */
  readonly imageRoot?: string | undefined;
  /** `train` by default. */
  readonly split?: 'train' | 'validation' | undefined;
}

/** Rows to write, by column. */
export interface RenderJob {
  readonly ids: readonly string[];
  readonly lats: Float64Array;
  readonly lons: Float64Array;
  /** Path of each row's picture, where the rows have pictures. */
  readonly images?: readonly (string | undefined)[];
  /** What is to be seen in each picture, where the source tells. */
  readonly entities?: readonly (readonly string[] | undefined)[];
  /** What the source says of each place, where it says anything. */
  readonly labels?: readonly (PlaceNames | undefined)[];
}

/** Lines written, and what is to be counted. */
export interface Rendered {
  /** UTF-8, a line feed behind each row; to be used before the next batch is asked for. */
  readonly lines: Uint8Array;
  /** Indexes of the rows without a country, which have no line. */
  readonly withoutCountry: readonly number[];
  /** Rows by continent and country, `Europe/FI`. */
  readonly places: Readonly<Record<string, number>>;
  readonly labels: LabelCounts;
}

/** The settings that all rows of a run share. */
export function rowSettings(options: RenderOptions): RowSettings {
  const prompt = answerPrompt(options.contract, options.condition, options.style);
  const { stage, hasImages, split } = options;
  return { stage, prompt, hasImages, split };
}

/** Prepares the writing of rows. The lines it gives are good until it is called again. */
export function createRenderer(
  options: RenderOptions,
  gazetteer: Gazetteer,
): (job: RenderJob) => Rendered {
  const { contract, condition, decimals, stage, imageRoot = '' } = options;
  const writeRow = rowFormat(options.format).rowWriter(rowSettings(options));
  const chainOptions = { condition, ...(decimals === undefined ? {} : { decimals }) };
  const judge = new LabelJudge(gazetteer);
  const lines = new LineBuffer();
  return ({ ids, lats, lons, images, labels, entities }) => {
    const withoutCountry: number[] = [];
    const places: Record<string, number> = {};
    const labelCounts: LabelCounts = {};
    lines.clear();
    for (let i = 0; i < ids.length; i++) {
      const place = reverseGeocode(gazetteer, lats[i]!, lons[i]!);
      if (!place) {
        withoutCountry.push(i);
        continue;
      }
      const { lat, lon } = place;
      const answer = stage === 'sft' ? buildChain(place, contract, chainOptions) : '';
      const picture = images?.[i];
      const image = picture && `${imageRoot}${picture}`;
      const row = { id: ids[i]!, answer, image, lat, lon, place, entities: entities?.[i] };
      writeRow(row, lines);
      lines.end();
      const key = `${place.continent}/${place.countryCode}`;
      places[key] = (places[key] ?? 0) + 1;
      const said = labels?.[i];
      if (said) countLabels(labelCounts, judge, said, place);
    }
    return { lines: lines.content(), withoutCountry, places, labels: labelCounts };
  };
}
