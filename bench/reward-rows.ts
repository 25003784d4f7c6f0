/**
 * Rows for the benchmarks of rewards, always the same.
 * @module
 */
import { buildChain } from '../src/chain/index.ts';
import { random } from '../src/core/index.ts';
import { defaultGazetteer } from '../src/data/index.ts';
import { type Place, reverseGeocode } from '../src/geo/index.ts';

const PROSE =
  'The low light, the stone walls between the fields and the yellow number plates speak for the ' +
  'north-west of Europe; the bilingual sign rules out most of it (about 3 of 4 candidates). ';

/** Completions with what they are measured against. */
export interface Rows {
  readonly completions: readonly string[];
  readonly targets: readonly Place[];
}

/** Rows as a policy in training gives them: mostly chains, some prose, some without one clear pair. */
export function makeRows(rows: number): Rows {
  const gazetteer = defaultGazetteer();
  const { lat, lon, count } = gazetteer.cities;
  const source = random('reward.bench');
  const places: Place[] = [];
  while (places.length < 5000) {
    const city = source.integer(count);
    const place = reverseGeocode(gazetteer, lat[city]!, lon[city]!);
    if (place) places.push(place);
  }
  const completions: string[] = [];
  const targets: Place[] = [];
  for (let i = 0; i < rows; i++) {
    const said = places[source.integer(places.length)]!;
    const chain = buildChain(said, 'geo-r', { condition: 'cor' });
    const kind = source.uniform();
    if (kind < 0.8) completions.push(chain);
    else if (kind < 0.9) completions.push(PROSE.repeat(3) + chain);
    else if (kind < 0.95) completions.push(`${chain} or (${-said.lat}, 0.0)`);
    else completions.push(PROSE);
    targets.push(places[source.integer(places.length)]!);
  }
  return { completions, targets };
}
