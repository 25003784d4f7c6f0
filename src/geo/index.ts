/** Where things are: coordinates, distances, the gazetteer, reverse and forward geocoding. Pure. @module */
export { type BoundingCircle, boundingCircle } from './bounding-circle.ts';
export type { Cities } from './cities.ts';
export { Coverage } from './coverage.ts';
export { DISPUTED_AREAS, type DisputedArea } from './disputed.ts';
export { forwardGeocode, type GeocodeOptions } from './forward/forward-geocode.ts';
export { isSamePlaceName } from './forward/same-place-name.ts';
export {
  type Country,
  type Gazetteer,
  type NameSections,
  parseGazetteer,
  type Region,
  type RegionPolygon,
} from './gazetteer.ts';
export type { GeocodeLevel, GeocodeMatch, Geocoder, PlaceNames } from './geocode-match.ts';
export { geometricMedian, type MedianOptions } from './geometric-median.ts';
export { EARTH_RADIUS_KM, haversineKm } from './haversine.ts';
export type { Coordinate, Place } from './place.ts';
export { type PolicyOverrides, withPolicy } from './policy.ts';
export { radiusHoldingKm } from './radius-holding.ts';
export { type ReverseGeocodeOptions, reverseGeocode } from './reverse-geocode.ts';
export { type PlaceList, reverseGeocodeAll } from './reverse-geocode-all.ts';
export { SOVEREIGN_OF } from './sovereign.ts';
export { sphereMedoid } from './sphere-medoid.ts';
export { SphereTree } from './sphere-tree.ts';
export { wgs84Km } from './wgs84.ts';
