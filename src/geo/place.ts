/**
 * The words for where something is: a coordinate and a resolved place.
 *
 * Degrees everywhere, `lat` before `lon`.
 * @module
 */

/** A point on the Earth, degrees: `lat` in [-90, 90], `lon` in [-180, 180]. */
export interface Coordinate {
  readonly lat: number;
  readonly lon: number;
}

/**
 * A coordinate resolved to canonical names (English, as the gazetteer writes them).
 *
 * A level that is not known is absent, never invented: far from any town there is no `city`, in
 * Antarctica no `region`.
 */
export interface Place extends Coordinate {
  /** `Africa`, `Antarctica`, `Asia`, `Europe`, `North America`, `Oceania` or `South America`. */
  readonly continent: string;
  readonly country: string;
  /** ISO 3166-1 alpha-2, or `XK` for Kosovo. */
  readonly countryCode: string;
  /** First-level administrative division. */
  readonly region?: string;
  /** GeoNames admin-1 code with country, e.g. `JP.12`. */
  readonly regionCode?: string;
  readonly city?: string;
  readonly cityLat?: number;
  readonly cityLon?: number;
}
