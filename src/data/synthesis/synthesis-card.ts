/**
 * The data card of synthesized rows.
 * @module
 */
import { PlaceTally } from '../card.ts';
import type { Tally } from './journal.ts';

/** Whose names the rows pass on; the licence asks for it to be said. */
const ATTRIBUTION = 'Names of places are from GeoNames (https://www.geonames.org/), CC BY 4.0.';

/**
 * What is in the file and how it came about.
 *
 * @param identity - arguments, versions and checksums: all that decides the bytes
 */
export function synthesisCard(identity: Readonly<Record<string, unknown>>, tally: Tally): object {
  const places = new PlaceTally();
  for (const [key, rows] of Object.entries(tally.places)) {
    const [continent = '', countryCode = ''] = key.split('/');
    places.add({ continent, countryCode }, rows);
  }
  const { continents, countries } = places.counts();
  const hasLabels = Object.keys(tally.labels).length > 0;
  return {
    ...identity,
    counts: {
      read: tally.items,
      rows: tally.rows,
      rejected: tally.items - tally.rows,
      pictures: tally.pictures,
    },
    rejectedBy: sorted(tally.rejects),
    ...(hasLabels && {
      labels: Object.fromEntries(
        Object.entries(tally.labels).map(([level, found]) => [level, sorted(found)]),
      ),
    }),
    continents,
    countries,
    attribution: ATTRIBUTION,
  };
}

/** Most first, so that the card does not tell in which order things happened. */
function sorted(counts: Readonly<Record<string, number>>): Record<string, number> {
  const entries = Object.entries(counts);
  entries.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}
