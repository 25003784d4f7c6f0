/**
 * What `geor locate` is given: photographs, folders of them, standard input, or places on the
 * embedded Earth.
 * @module
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { GeorError } from '../../core/index.ts';
import {
  defaultGazetteer,
  type Earth,
  filesBelow,
  type GuardOptions,
  isEarthAddress,
  landPoints,
  loadEarth,
  looksLikePicture,
  parseEarthAddress,
  readPicture,
} from '../../data/index.ts';
import type { Coordinate } from '../../geo/index.ts';
import type { PictureItem } from '../batch.ts';
import { guardedPhoto, guardedTile } from './pictures.ts';

/** How to open inputs. */
export interface InputOptions {
  readonly guard: GuardOptions;
  /** How tiles of the Earth are cut. */
  readonly tile: { readonly spanDegrees: number; readonly sizePx: number };
  /** Where `-` reads a photograph from. */
  readonly stdin: Readable;
  /** Told of files in folders that are no pictures. */
  readonly onSkipped?: (path: string) => void;
}

/** What inputs consist of. */
export type InputKind = 'photographs' | 'satellite-tiles';

/** Photographs, or tiles of the Earth. */
export const inputKind = (input: string): InputKind =>
  isEarthAddress(input) ? 'satellite-tiles' : 'photographs';

/**
 * The pictures of inputs, in order. A file that is named is a picture or a failure; in a folder, files
 * that are no pictures are passed over and told.
 *
 * @throws GeorError `usage` for an input that is not there
 */
export async function* openInputs(
  inputs: readonly string[],
  options: InputOptions,
): AsyncGenerator<PictureItem> {
  let earth: Earth | undefined;
  for (const input of inputs) {
    if (inputKind(input) === 'satellite-tiles') {
      earth ??= loadEarth();
      yield* tilesOf(input, earth, options.tile);
    } else if (input === '-') yield stdinItem(options);
    else if (statOf(input).isDirectory()) yield* photosBelow(input, options);
    else yield photoItem(input, input, options.guard);
  }
}

/** Checks that inputs are there, before anything is asked. */
export function checkInputs(inputs: readonly string[]): void {
  for (const input of inputs)
    if (inputKind(input) === 'satellite-tiles') {
      if (!coordinateOf(input)) parseEarthAddress(input, { seed: 1, count: 1 });
    } else if (input !== '-') statOf(input);
}

function statOf(path: string) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found) return found;
  throw new GeorError('usage', `${path} is not there`, {
    hint: 'give photographs, folders of them, - for standard input, or earth:LAT,LON',
  });
}

/** A photograph by its path, read when its turn comes. */
export function photoItem(id: string, path: string, guard: GuardOptions): PictureItem {
  return {
    id,
    async open() {
      const { bytes, reason } = await readPicture(path).catch((cause: Error) => {
        throw new GeorError('data', `cannot be read: ${cause.message}`, { cause });
      });
      if (!bytes)
        throw new GeorError('image', `not a usable photograph: ${reason}`, {
          hint: 'pictures are JPEG, PNG, WebP, GIF, TIFF or AVIF files',
        });
      return guardedPhoto(bytes, guard);
    },
  };
}

async function* photosBelow(folder: string, options: InputOptions): AsyncGenerator<PictureItem> {
  for await (const { name, trouble } of filesBelow(folder)) {
    const path = join(folder, name);
    if (trouble !== undefined) {
      yield { id: path, open: () => Promise.reject(new GeorError('data', trouble)) };
      continue;
    }
    const isPicture = await looksLikePicture(path).catch(() => true);
    if (isPicture) yield photoItem(path, path, options.guard);
    else options.onSkipped?.(path);
  }
}

function stdinItem({ stdin, guard }: InputOptions): PictureItem {
  let photo: Promise<Uint8Array> | undefined;
  const read = async (): Promise<Uint8Array> => {
    const pieces: Buffer[] = [];
    for await (const piece of stdin) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces);
  };
  return {
    id: '-',
    async open() {
      photo ??= read();
      return guardedPhoto(await photo, guard);
    },
  };
}

/** The coordinate of `earth:LAT,LON`; `undefined` for the other forms of the address. */
function coordinateOf(address: string): Coordinate | undefined {
  const match = /^earth:(-?\d+(?:\.\d+)?),\s*(-?\d+(?:\.\d+)?)$/.exec(address);
  if (!match) return undefined;
  const [lat, lon] = [Number(match[1]), Number(match[2])];
  if (Math.abs(lat) <= 90 && Math.abs(lon) <= 180) return { lat, lon };
  throw new GeorError('usage', `${address} is not on the Earth`, {
    hint: 'latitude first, from -90 to 90, then longitude, from -180 to 180',
  });
}

function* tilesOf(
  address: string,
  earth: Earth,
  tile: InputOptions['tile'],
): Generator<PictureItem> {
  const at = coordinateOf(address);
  if (at) {
    yield { id: address, open: async () => guardedTile(earth, at, tile) };
    return;
  }
  const points = parseEarthAddress(address, { seed: 1, count: 1, split: 'test' });
  for (const { id, lat, lon } of landPoints(points, defaultGazetteer(), earth))
    yield { id, open: async () => guardedTile(earth, { lat, lon }, tile) };
}
