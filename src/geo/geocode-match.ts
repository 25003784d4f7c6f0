/**
 * What forward geocoding is asked and what it finds.
 *
 * @module
 */
import type { Coordinate } from './place.ts';

/** How exactly a name was found. */
export type GeocodeLevel = 'city' | 'region' | 'country';

/** A place by its names; a level that is not known is absent. */
export interface PlaceNames {
  readonly country?: string;
  readonly region?: string;
  readonly city?: string;
}

/** A name with the coordinate that stands for it. */
export interface GeocodeMatch extends Coordinate {
  /** A region or country is answered with the coordinate of its largest city. */
  readonly level: GeocodeLevel;
  /** Canonical English name of what was matched, at that level. */
  readonly name: string;
  readonly countryCode: string;
  /** Canonical English names from the country down to the matched level. */
  readonly country: string;
  readonly region?: string;
  readonly city?: string;
}

/** Forward geocoding with its gazetteer bound: text (`city, region, country`) or names by level. */
export type Geocoder = (query: string | PlaceNames) => GeocodeMatch | null;
