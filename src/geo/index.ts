/** Where things are: coordinates, distances, the gazetteer and reverse geocoding. Pure. @module */
export { EARTH_RADIUS_KM, haversineKm } from './haversine.ts';
export type { Coordinate, Place } from './place.ts';
