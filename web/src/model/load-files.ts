/**
 * Files of the server the page came from, as the worker needs them.
 * @module
 */
import { GeorError } from '../../../src/core/index.ts';
import { decodeJpeg, type Earth, earthFrom } from '../../../src/data/browser/index.ts';
import { type Gazetteer, parseGazetteer } from '../../../src/geo/index.ts';

/**
 * A file's bytes.
 *
 * @throws GeorError `asset`
 */
export async function loadBytes(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await loadIfThere(address);
  if (!bytes)
    throw new GeorError('asset', `the server has no ${new URL(address).pathname}`, {
      hint: 'reinstall geor there',
    });
  return bytes;
}

/**
 * A file's bytes; `undefined` where the server has none.
 *
 * @throws GeorError `asset` when the server does not answer
 */
export async function loadIfThere(address: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const response = await fetch(address).catch((cause: unknown) => {
    throw new GeorError('asset', 'the server did not answer', {
      hint: 'is "geor serve" still running?',
      cause,
    });
  });
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

/** The Earth, decoded by the same code as in Node, so that tiles are equal to the last bit. */
export const loadEarth = async (address: string): Promise<Earth> =>
  earthFrom(decodeJpeg(await loadBytes(address), 'the picture of the Earth'));

/** The gazetteer. */
export const loadGazetteer = async (address: string): Promise<Gazetteer> =>
  parseGazetteer(await loadBytes(address));
