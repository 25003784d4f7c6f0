/**
 * Which country geor names where more than one claims the land.
 *
 * The default view is ISO 3166-1 as GeoNames applies it: a territory with a code of its own has that
 * code (so Réunion is `RE` and not `FR`); one without is under the country that ISO lists it with.
 * This states what the gazetteer contains. It takes no side, and `policy.ts` changes it.
 * @module
 */
import type { Coordinate } from './place.ts';

/** One entry of the policy: an area, the code it resolves to, and where it lies. */
export interface DisputedArea {
  readonly area: string;
  /** ISO 3166-1 alpha-2, `XK`, or null for land that no country claims. */
  readonly countryCode: string | null;
  /** A point in the area; several where maps draw it in several parts, one for each. */
  readonly samples: readonly [Coordinate, ...Coordinate[]];
  /** South, west, north, east: no border around the area leaves this box; degrees. */
  readonly bounds: readonly [number, number, number, number];
}

const at = (lat: number, lon: number): Coordinate => ({ lat, lon });

/** The policy that the gazetteer is built with and tested against. */
export const DISPUTED_AREAS: readonly DisputedArea[] = [
  {
    area: 'Crimea', // as the country map draws it: Sevastopol is in it
    countryCode: 'UA',
    samples: [at(44.952, 34.102)],
    bounds: [43.5, 31.5, 46.5, 37],
  },
  {
    area: 'Sevastopol',
    countryCode: 'UA',
    samples: [at(44.6, 33.53)],
    bounds: [44, 33, 45.2, 34.2],
  },
  {
    area: 'Donetsk', // the oblast, and so the next
    countryCode: 'UA',
    samples: [at(48.015, 37.803)],
    bounds: [46.5, 36.3, 49.5, 39.3],
  },
  {
    area: 'Luhansk',
    countryCode: 'UA',
    samples: [at(48.574, 39.307)],
    bounds: [47.5, 37.6, 50.2, 40.4],
  },
  {
    area: 'Western Sahara, west of the berm',
    countryCode: 'EH',
    samples: [at(27.1253, -13.1625)],
    bounds: [20.5, -17.8, 27.8, -8.4],
  },
  {
    area: 'Western Sahara, east of the berm',
    countryCode: 'EH',
    samples: [at(26.158, -10.567)],
    bounds: [20.5, -17.8, 27.8, -8.4],
  },
  {
    area: 'Golan Heights',
    countryCode: 'IL',
    samples: [at(33.13, 35.78)],
    bounds: [32.6, 35.55, 33.45, 36],
  },
  {
    area: 'East Jerusalem',
    countryCode: 'IL',
    samples: [at(31.785, 35.235)],
    bounds: [31.7, 35.17, 31.9, 35.3],
  },
  {
    area: 'West Bank',
    countryCode: 'PS',
    samples: [at(31.5326, 35.0998)],
    bounds: [31.2, 34.8, 32.7, 35.7],
  },
  {
    area: 'Gaza Strip',
    countryCode: 'PS',
    samples: [at(31.5, 34.466)],
    bounds: [31.1, 33.9, 31.8, 34.7],
  },
  {
    area: 'Northern Cyprus',
    countryCode: 'CY',
    samples: [at(35.3364, 33.3182)],
    bounds: [34.8, 32.3, 36.2, 35.6],
  },
  {
    area: 'Akrotiri',
    countryCode: 'GB',
    samples: [at(34.583, 32.98)],
    bounds: [34.4, 32.6, 34.8, 33.2],
  },
  {
    area: 'Dhekelia',
    countryCode: 'GB',
    samples: [at(34.99, 33.75)],
    bounds: [34.8, 33.5, 35.2, 34.1],
  },
  {
    area: 'Abkhazia',
    countryCode: 'GE',
    samples: [at(43.0015, 41.0234)],
    bounds: [42.2, 39.8, 43.8, 42.3],
  },
  {
    area: 'South Ossetia',
    countryCode: 'GE',
    samples: [at(42.225, 43.97)],
    bounds: [41.95, 43.3, 42.8, 44.65],
  },
  {
    area: 'Transnistria', // with Bender and the land east of the Dniester that maps file with it
    countryCode: 'MD',
    samples: [
      at(46.8403, 29.6433),
      at(47.7667, 29.0),
      at(48.04, 28.73),
      at(47.1536, 29.2964),
      at(47.2631, 29.1608),
    ],
    bounds: [46.3, 28.4, 48.3, 30.1],
  },
  {
    area: 'Khankendi (Stepanakert)', // the city district: no map draws Nagorno-Karabakh
    countryCode: 'AZ',
    samples: [at(39.8177, 46.7528)],
    bounds: [39.7, 46.6, 39.95, 46.9],
  },
  {
    area: 'Somaliland',
    countryCode: 'SO',
    samples: [at(9.56, 44.065)],
    bounds: [7.8, 42.5, 11.8, 49.2],
  },
  {
    area: 'Kosovo',
    countryCode: 'XK',
    samples: [at(42.6629, 21.1655)],
    bounds: [41.8, 19.9, 43.4, 21.9],
  },
  {
    area: 'Jammu and Kashmir',
    countryCode: 'IN',
    samples: [at(34.0837, 74.7973)],
    bounds: [32.2, 73.6, 34.9, 76.9],
  },
  {
    area: 'Ladakh',
    countryCode: 'IN',
    samples: [at(34.1526, 77.5771)],
    bounds: [32.2, 75.2, 35.8, 79.9],
  },
  {
    area: 'Azad Kashmir',
    countryCode: 'PK',
    samples: [at(34.37, 73.471)],
    bounds: [32.6, 73.3, 35.3, 75.4],
  },
  {
    area: 'Gilgit-Baltistan',
    countryCode: 'PK',
    samples: [at(35.9208, 74.3144)],
    bounds: [34.3, 72.3, 37.2, 77.9],
  },
  {
    area: 'Aksai Chin',
    countryCode: 'CN',
    samples: [at(35.2, 79.5)],
    bounds: [34, 77.8, 36.1, 80.6],
  },
  {
    area: 'Arunachal Pradesh',
    countryCode: 'IN',
    samples: [at(27.0844, 93.6053)],
    bounds: [26.4, 91.4, 29.6, 97.6],
  },
  {
    area: 'Taiwan',
    countryCode: 'TW',
    samples: [at(25.033, 121.5654)],
    bounds: [10, 114, 27, 123],
  },
  {
    area: 'Hong Kong',
    countryCode: 'HK',
    samples: [at(22.2819, 114.1589)],
    bounds: [22, 113.7, 22.7, 114.6],
  },
  {
    area: 'Macao',
    countryCode: 'MO',
    samples: [at(22.1987, 113.5439)],
    bounds: [22, 113.4, 22.3, 113.8],
  },
  {
    area: 'Falkland Islands',
    countryCode: 'FK',
    samples: [at(-51.6977, -57.8517)],
    bounds: [-53.5, -62.5, -50.5, -56.5],
  },
  {
    area: 'Southern Kuril Islands',
    countryCode: 'RU',
    samples: [at(44.0333, 145.85)],
    bounds: [43, 145, 46, 149.5],
  },
  {
    area: 'Dokdo',
    countryCode: 'KR',
    samples: [at(37.2426, 131.8668)],
    bounds: [37, 131.5, 37.5, 132.2],
  },
  {
    area: 'Bir Tawil',
    countryCode: null,
    samples: [at(21.88, 33.75)],
    bounds: [21.6, 33, 22.1, 34.3],
  },
];
