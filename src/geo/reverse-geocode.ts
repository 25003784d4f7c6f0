/**
 * Coordinate to place: country, then region within that country, then city within that region.
 *
 * Each level is looked up inside the one above, so an answer never contradicts itself.
 *
 * Source: Geo-R, section 3.1 (labels by reverse-decoding coordinates). The country is the polygon
 * that holds the point; the region is the polygon of that country that holds it, else the nearest
 * within {@link MAX_SNAP_KM} (map makers draw coasts differently); the city is chosen by
 * `city-finder.ts`.
 * @module
 */
import { NOWHERE } from './borders.ts';
import type { Cities } from './cities.ts';
import { type Country, type Gazetteer, UNCHANGED } from './gazetteer.ts';
import type { Place } from './place.ts';

/** How far a point may lie outside a region, or off an uncharted coast, kilometres. */
const MAX_SNAP_KM = 25;

/** How to answer. */
export interface ReverseGeocodeOptions {
  /**
   * `territory`, the default: whatever has an ISO 3166-1 code of its own is a country. `sovereign`:
   * a territory is a region of the country it belongs to (Réunion is a region of France); the
   * continent stays the territory's own.
   */
  readonly level?: 'territory' | 'sovereign';
}

/**
 * The place at a coordinate, or null in the open sea, at nobody's land, and for numbers that are no
 * coordinate.
 *
 * @param lat - degrees in [-90, 90]
 * @param lon - degrees in [-180, 180]
 * @example reverseGeocode(gazetteer, 60.1699, 24.9384)?.city // 'Helsinki'
 */
export function reverseGeocode(
  gazetteer: Gazetteer,
  lat: number,
  lon: number,
  options?: ReverseGeocodeOptions,
): Place | null {
  return nameLocation(gazetteer, lat, lon, locate(gazetteer, lat, lon), options);
}

/** Where a point lies, as indexes into the gazetteer's tables; every number may be -1. */
export interface Location {
  /** The country on the map. */
  readonly country: number;
  /** The country to name: another than `country` where a policy says so. */
  readonly shown: number;
  /** The region polygon. */
  readonly polygon: number;
  readonly city: number;
}

const NO_LOCATION: Location = { country: NOWHERE, shown: NOWHERE, polygon: NOWHERE, city: -1 };

/** Finds a point on the maps. */
export function locate(gazetteer: Gazetteer, lat: number, lon: number): Location {
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) return NO_LOCATION;
  const { countryBorders, countryOfPolygon, regionBorders, regionPolygons, policy } = gazetteer;
  const countryPolygon = countryBorders.regionAt(lat, lon);
  let country = countryPolygon === NOWHERE ? NOWHERE : countryOfPolygon[countryPolygon]!;
  let shown =
    policy && countryPolygon !== NOWHERE ? policy.countryPolygon[countryPolygon]! : UNCHANGED;
  if (countryPolygon !== NOWHERE && country === NOWHERE)
    return shown < 0 ? NO_LOCATION : { ...NO_LOCATION, shown };
  // At sea by the country map, any country's coast within reach will do.
  const accepts = (polygon: number): boolean => {
    const owner = regionPolygons[polygon]!.country;
    return country === NOWHERE ? owner !== NOWHERE : owner === country;
  };
  let polygon = regionBorders.regionAt(lat, lon);
  if (polygon === NOWHERE || !accepts(polygon))
    polygon = regionBorders.nearestRegion(lat, lon, MAX_SNAP_KM, accepts);
  if (polygon !== NOWHERE) {
    if (country === NOWHERE) country = regionPolygons[polygon]!.country;
    const override = policy?.regionPolygon[polygon] ?? UNCHANGED;
    if (override !== UNCHANGED) shown = override;
  }
  if (country === NOWHERE) return NO_LOCATION;
  if (shown === UNCHANGED) shown = country;
  return { country, shown, polygon, city: findCity(gazetteer, country, polygon, lat, lon) };
}

/** The names of a location. */
export function nameLocation(
  { countries, regions, regionPolygons, cities, sovereignOf }: Gazetteer,
  lat: number,
  lon: number,
  { country, shown, polygon, city }: Location,
  options?: ReverseGeocodeOptions,
): Place | null {
  const owner = countries[shown];
  if (!owner) return null;
  const drawn = regionPolygons[polygon];
  const own = regions[drawn && drawn.region >= 0 ? drawn.region : (cities.region[city] ?? -1)];
  let named = owner;
  let region = own?.name || drawn?.name || '';
  // A code of another country would contradict the answer.
  let regionCode = own?.name && shown === country ? own.code : '';
  if (options?.level === 'sovereign' && sovereignOf[shown] !== shown) {
    named = countries[sovereignOf[shown]!]!;
    region = owner.name;
    regionCode = '';
  }
  return assemble(lat, lon, owner.continent, named, region, regionCode, cities, city);
}

/** The place with the levels that are known. */
function assemble(
  lat: number,
  lon: number,
  continent: string,
  { name: country, code: countryCode }: Country,
  region: string,
  regionCode: string,
  cities: Cities,
  at: number,
): Place {
  // Whole literals for the common cases: objects that grow by properties cost twice as much.
  if (at < 0) {
    if (region === '') return { lat, lon, continent, country, countryCode };
    if (regionCode === '') return { lat, lon, continent, country, countryCode, region };
    return { lat, lon, continent, country, countryCode, region, regionCode };
  }
  const city = cities.names[at]!;
  const cityLat = cities.lat[at]!;
  const cityLon = cities.lon[at]!;
  if (regionCode === '') {
    return {
      lat,
      lon,
      continent,
      country,
      countryCode,
      ...(region && { region }),
      city,
      cityLat,
      cityLon,
    };
  }
  return {
    lat,
    lon,
    continent,
    country,
    countryCode,
    region,
    regionCode,
    city,
    cityLat,
    cityLon,
  };
}

/** The city for a point, among those that can be in its region; -1 for none. */
function findCity(
  { countries, regionPolygons, cityFinder }: Gazetteer,
  country: number,
  polygon: number,
  lat: number,
  lon: number,
): number {
  const drawn = regionPolygons[polygon];
  if (drawn?.isMixed) return cityFinder.inMixedPolygon(polygon, lat, lon);
  if (drawn && drawn.region >= 0) return cityFinder.inRegion(drawn.region, lat, lon);
  const { firstRegion, lastRegion } = countries[country]!;
  return cityFinder.inCountry(country, firstRegion, lastRegion, lat, lon);
}
