/** Where things are: coordinates, distances, the gazetteer and reverse geocoding. Pure. @module */
export type { Cities } from './cities.ts';
export { DISPUTED_AREAS, type DisputedArea } from './disputed.ts';
export {
  type Country,
  type Gazetteer,
  parseGazetteer,
  type Region,
  type RegionPolygon,
} from './gazetteer.ts';
export type { GeocodeLevel, GeocodeMatch, Geocoder, PlaceNames } from './geocode-match.ts';
export { EARTH_RADIUS_KM, haversineKm } from './haversine.ts';
export type { Coordinate, Place } from './place.ts';
export { reverseGeocode } from './reverse-geocode.ts';
export { SphereTree } from './sphere-tree.ts';
export { wgs84Km } from './wgs84.ts';
