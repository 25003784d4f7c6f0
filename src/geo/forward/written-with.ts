/**
 * Whose name may stand after a place's: `San Juan, Puerto Rico, USA` is not in two countries.
 *
 * It says how people write addresses, not whose a place is: the answer names the country or territory
 * that the gazetteer does.
 * @module
 */
import type { Gazetteer } from '../gazetteer.ts';

/** Written with a country that is not their sovereign here; ISO 3166-1 alpha-2. */
const ALSO: ReadonlySet<string> = new Set(['EH MA', 'PS IL', 'TW CN', 'XK RS']);

/** Whether an address in `country` may end in the name of `named`; both are indexes. */
export function isWrittenWith(
  { countries, sovereignOf }: Gazetteer,
  country: number,
  named: number,
): boolean {
  return (
    country === named ||
    sovereignOf[country] === named ||
    ALSO.has(`${countries[country]!.code} ${countries[named]!.code}`)
  );
}
