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
import type { Gazetteer } from './gazetteer.ts';
import type { Place } from './place.ts';

/** How far a point may lie outside a region, or off an uncharted coast, kilometres. */
const MAX_SNAP_KM = 25;

/**
 * The place at a coordinate, or null in the open sea, at nobody's land, and for numbers that are no
 * coordinate.
 *
 * @param lat - degrees in [-90, 90]
 * @param lon - degrees in [-180, 180]
 * @example reverseGeocode(gazetteer, 60.1699, 24.9384)?.city // 'Helsinki'
 */
export function reverseGeocode(gazetteer: Gazetteer, lat: number, lon: number): Place | null {
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) return null;
  const { countries, regions, regionPolygons, cities } = gazetteer;
  const { country, polygon } = locate(gazetteer, lat, lon);
  const owner = countries[country];
  if (!owner) return null;

  const city = findCity(gazetteer, country, polygon, lat, lon);
  const drawn = regionPolygons[polygon];
  const region = regions[drawn && drawn.region >= 0 ? drawn.region : (cities.region[city] ?? -1)];
  const place: Writable<Place> = {
    lat,
    lon,
    continent: owner.continent,
    country: owner.name,
    countryCode: owner.code,
  };
  const regionName = region?.name || drawn?.name;
  if (regionName) place.region = regionName;
  if (region?.name) place.regionCode = region.code;
  if (city >= 0) {
    place.city = cities.names[city]!;
    place.cityLat = cities.lat[city]!;
    place.cityLon = cities.lon[city]!;
  }
  return place;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Country index and region polygon of a point; either may be -1. */
function locate(
  { countryBorders, countryOfPolygon, regionBorders, regionPolygons }: Gazetteer,
  lat: number,
  lon: number,
): { country: number; polygon: number } {
  const countryPolygon = countryBorders.regionAt(lat, lon);
  const country = countryPolygon === NOWHERE ? NOWHERE : countryOfPolygon[countryPolygon]!;
  if (countryPolygon !== NOWHERE && country === NOWHERE) return { country, polygon: NOWHERE };
  // At sea by the country map, any country's coast within reach will do.
  const accepts = (polygon: number): boolean => {
    const owner = regionPolygons[polygon]!.country;
    return country === NOWHERE ? owner !== NOWHERE : owner === country;
  };
  let polygon = regionBorders.regionAt(lat, lon);
  if (polygon === NOWHERE || !accepts(polygon))
    polygon = regionBorders.nearestRegion(lat, lon, MAX_SNAP_KM, accepts);
  return {
    country:
      country === NOWHERE && polygon !== NOWHERE ? regionPolygons[polygon]!.country : country,
    polygon,
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
