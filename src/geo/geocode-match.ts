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

/**
 * A name with the coordinate that stands for it: of a region or country, that of its largest city (of
 * one without any, a point inside).
 */
export interface GeocodeMatch extends Coordinate {
  /** The finest level that could be matched. */
  readonly level: GeocodeLevel;
  /**
   * Canonical English name of what was matched. A division inside a region (a French department) is
   * matched at the level `region` under its own name; `region` then names the one it lies in.
   */
  readonly name: string;
  readonly countryCode: string;
  /** Canonical English names from the country down to the matched level. */
  readonly country: string;
  readonly region?: string;
  readonly city?: string;
  /** Present when the name was found only by taking one letter for wrong. */
  readonly isTypo?: true;
  /** The parts of the query that did not go into the match, as they were written. */
  readonly unused?: readonly string[];
}

/** Forward geocoding with its gazetteer bound: text (`city, region, country`) or names by level. */
export type Geocoder = (query: string | PlaceNames) => GeocodeMatch | null;
