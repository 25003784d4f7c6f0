/**
 * Which country geor names where more than one claims the land.
 *
 * The default view is ISO 3166-1 as GeoNames applies it: a territory with a code of its own has that
 * code (so Réunion is `RE` and not `FR`); one without is under the country that ISO lists it with.
 * This states what the gazetteer contains. It takes no side.
 * @module
 */
import type { Coordinate } from './place.ts';

/** One entry of the policy: an area, the code it resolves to, and a point to check it at. */
export interface DisputedArea {
  readonly area: string;
  /** ISO 3166-1 alpha-2, `XK`, or null for land that no country claims. */
  readonly countryCode: string | null;
  readonly sample: Coordinate;
}

const at = (lat: number, lon: number): Coordinate => ({ lat, lon });

/** The policy that the gazetteer is built with and tested against. */
export const DISPUTED_AREAS: readonly DisputedArea[] = [
  { area: 'Crimea', countryCode: 'UA', sample: at(44.952, 34.102) },
  { area: 'Sevastopol', countryCode: 'UA', sample: at(44.6, 33.53) },
  { area: 'Donetsk', countryCode: 'UA', sample: at(48.015, 37.803) },
  { area: 'Western Sahara, Laayoune', countryCode: 'EH', sample: at(27.1253, -13.1625) },
  { area: 'Western Sahara, Tifariti', countryCode: 'EH', sample: at(26.158, -10.567) },
  { area: 'Western Sahara, Dakhla', countryCode: 'EH', sample: at(23.6848, -15.958) },
  { area: 'Golan Heights', countryCode: 'IL', sample: at(33.13, 35.78) },
  { area: 'East Jerusalem', countryCode: 'IL', sample: at(31.785, 35.235) },
  { area: 'Hebron', countryCode: 'PS', sample: at(31.5326, 35.0998) },
  { area: 'Gaza', countryCode: 'PS', sample: at(31.5, 34.466) },
  { area: 'Northern Cyprus', countryCode: 'CY', sample: at(35.3364, 33.3182) },
  { area: 'Akrotiri', countryCode: 'GB', sample: at(34.583, 32.98) },
  { area: 'Abkhazia', countryCode: 'GE', sample: at(43.0015, 41.0234) },
  { area: 'South Ossetia', countryCode: 'GE', sample: at(42.225, 43.97) },
  { area: 'Transnistria', countryCode: 'MD', sample: at(46.8403, 29.6433) },
  { area: 'Nagorno-Karabakh', countryCode: 'AZ', sample: at(39.8177, 46.7528) },
  { area: 'Somaliland', countryCode: 'SO', sample: at(9.56, 44.065) },
  { area: 'Kosovo', countryCode: 'XK', sample: at(42.6629, 21.1655) },
  { area: 'Srinagar', countryCode: 'IN', sample: at(34.0837, 74.7973) },
  { area: 'Gilgit', countryCode: 'PK', sample: at(35.9208, 74.3144) },
  { area: 'Aksai Chin', countryCode: 'CN', sample: at(35.2, 79.5) },
  { area: 'Arunachal Pradesh', countryCode: 'IN', sample: at(27.0844, 93.6053) },
  { area: 'Taiwan', countryCode: 'TW', sample: at(25.033, 121.5654) },
  { area: 'Hong Kong', countryCode: 'HK', sample: at(22.2819, 114.1589) },
  { area: 'Macao', countryCode: 'MO', sample: at(22.1987, 113.5439) },
  { area: 'Falkland Islands', countryCode: 'FK', sample: at(-51.6977, -57.8517) },
  { area: 'Southern Kuril Islands', countryCode: 'RU', sample: at(44.0333, 145.85) },
  { area: 'Dokdo', countryCode: 'KR', sample: at(37.2426, 131.8668) },
  { area: 'Bir Tawil', countryCode: null, sample: at(21.88, 33.75) },
];
