/**
 * The inputs of `geor synthesize`: what they are, where their pictures come from.
 * @module
 */
import { statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import {
  type ColumnNames,
  defaultGazetteer,
  estimatedRows,
  guardedPhotos,
  inputFingerprint,
  isEarthAddress,
  type LandPointOptions,
  loadEarth,
  openFile,
  type PictureMaker,
  parseEarthAddress,
  readEarth,
  type SourceRow,
  type SynthesisInput,
  tilePictures,
} from '../data/index.ts';

/** How to open inputs. */
export interface InputSettings {
  readonly columns: ColumnNames;
  /** Points of `earth:`. */
  readonly points: LandPointOptions;
  /** Pictures of `earth:`. */
  readonly tiles: { readonly spanDegrees: number; readonly sizePx: number };
  /** Folder that the paths of photographs start from; each row has one then. */
  readonly photos: string | undefined;
  readonly maxPixels: number;
  /** Sides of photographs are rounded down to multiples of it; 1 by default. */
  readonly multipleOf?: number;
  /** Whether pictures can be written at all. */
  readonly canHavePictures: boolean;
}

/** An input that is known but not yet read. */
export interface OpenedInput {
  readonly name: string;
  readonly hasPictures: boolean;
  /** About how many items it has. */
  readonly estimatedItems: number;
  /** What tells it from another input of the same name. */
  fingerprint(): Promise<object>;
  open(): SynthesisInput;
}

/**
 * Recognises an input.
 *
 * @throws GeorError `usage` or `data` when it is unknown or missing
 */
export function openInput(input: string, settings: InputSettings): OpenedInput {
  return isEarthAddress(input) ? earthInput(input, settings) : fileInput(input, settings);
}

function earthInput(input: string, settings: InputSettings): OpenedInput {
  const options = parseEarthAddress(input, settings.points);
  return {
    name: input,
    hasPictures: settings.canHavePictures,
    estimatedItems: options.count,
    fingerprint: async () => ({ path: input, ...options, ...settings.tiles }),
    open: () => ({
      source: readEarth(options, defaultGazetteer(), loadEarth()),
      ...(settings.canHavePictures && {
        pictures: tilePictures({ earth: loadEarth(), ...settings.tiles }),
      }),
    }),
  };
}

function fileInput(path: string, settings: InputSettings): OpenedInput {
  const { columns, photos, maxPixels, multipleOf = 1, canHavePictures } = settings;
  const source = openFile(path, columns);
  const estimatedItems = estimatedRows(path);
  const isFolder = statSync(path).isDirectory();
  const hasPictures =
    canHavePictures && (isFolder || photos !== undefined || columns.photo !== undefined);
  return {
    name: path,
    hasPictures,
    estimatedItems,
    fingerprint: async () => inputFingerprint(path),
    open: () => ({
      source,
      ...(hasPictures && {
        pictures: photosBelow(
          photos ?? dirname(path),
          photos !== undefined,
          guardedPhotos(maxPixels, multipleOf),
        ),
      }),
    }),
  };
}

/** Photographs by path, from a folder; without a path of its own a row may be named by its id. */
function photosBelow(folder: string, byId: boolean, guarded: PictureMaker): PictureMaker {
  return async (row: SourceRow) => {
    const named = row.photo ?? (byId ? row.id : undefined);
    if (named === undefined) return 'the row names no picture';
    const photo = resolve(folder, named);
    const way = relative(folder, photo);
    if (byId && (way.startsWith('..') || isAbsolute(way))) return `${named} is outside ${folder}`;
    return guarded({ ...row, photo });
  };
}
