/**
 * The `earth:` source: land points of the embedded Earth.
 *
 * `earth:?count=500&seed=3&split=test`; what the address leaves out comes from the defaults.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import type { Gazetteer } from '../../geo/index.ts';
import { type LandPointOptions, landPoints } from '../earth/dataset.ts';
import type { Earth } from '../earth/earth.ts';
import type { Source, SourceItem } from './row.ts';

const BATCH_ROWS = 256;

/** Whether an input is the embedded Earth. */
export function isEarthAddress(input: string): boolean {
  return input.startsWith('earth:');
}

function wholeNumber(text: string, name: string): number {
  if (!/^\d{1,15}$/.test(text)) {
    throw new GeorError('usage', `${name} in an earth: address is ${JSON.stringify(text)}`, {
      hint: `${name} is a whole number, e.g. earth:?${name}=500`,
    });
  }
  return Number(text);
}

/**
 * Reads an `earth:` address.
 *
 * @throws GeorError `usage` for an unknown or unreadable option
 */
export function parseEarthAddress(address: string, defaults: LandPointOptions): LandPointOptions {
  const options = { ...defaults };
  const query = address.slice('earth:'.length);
  if (query && !query.startsWith('?')) {
    throw new GeorError('usage', `cannot read ${address}`, {
      hint: 'write earth: or earth:?count=500&seed=3&split=test',
    });
  }
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === 'count') options.count = wholeNumber(value, name);
    else if (name === 'seed') options.seed = wholeNumber(value, name);
    else if (name === 'split' && (value === 'train' || value === 'test')) options.split = value;
    else {
      throw new GeorError('usage', `${address} has an unknown option ${name}=${value}`, {
        hint: 'the options are count, seed and split=train|test',
      });
    }
  }
  return options;
}

/** Land points as source rows; there are no failures among them. */
export async function* readEarth(
  options: LandPointOptions,
  gazetteer: Gazetteer,
  earth: Earth,
): Source {
  let line = 0;
  let batch: SourceItem[] = [];
  for (const { id, lat, lon } of landPoints(options, gazetteer, earth)) {
    const raw = JSON.stringify({ id, lat, lon });
    batch.push({ kind: 'row', source: 'earth:', line: ++line, id, lat, lon, raw });
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
