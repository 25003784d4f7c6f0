/**
 * Countries: which code each area gets, what each country is called, which continent it is on.
 *
 * Areas that several countries claim follow the policy in `src/geo/disputed.ts`.
 * @module
 */
import type { CoderProperties, NaturalEarthProperties, Sources } from './sources.ts';

/** Areas of country-coder whose country is policy, or that have none of their own. */
const COUNTRY_AREA_POLICY: Readonly<Record<string, string>> = {
  Crimea: 'UA',
  'Northern Cyprus': 'CY',
  'Bir Tawil': '',
};

/** Reserved ISO codes to the code that covers the place. */
const RESERVED: Readonly<Record<string, string>> = {
  AC: 'SH',
  TA: 'SH',
  DG: 'IO',
  IC: 'ES',
  FX: 'FR',
  CP: 'FR',
  CQ: 'GG',
};

/** Natural Earth's map units that ISO gives a code but Natural Earth files under their sovereign. */
const MAP_UNITS: Readonly<Record<string, string>> = {
  GUF: 'GF',
  REU: 'RE',
  MTQ: 'MQ',
  GLP: 'GP',
  MYT: 'YT',
  NSV: 'SJ',
  BVT: 'BV',
  CCK: 'CC',
  CXR: 'CX',
  ESB: 'GB',
  WSB: 'GB',
};

/** Natural Earth draws who governs; the policy, and ISO, say what the gazetteer names. */
const REGION_AREA_POLICY: Readonly<Record<string, string>> = {
  'Autonomous Republic of Crimea': 'UA',
  Sevastopol: 'UA',
  Bonaire: 'BQ',
  Saba: 'BQ',
  'Sint Eustatius': 'BQ',
};

/** The country of a country-coder area, or '' for nobody's. */
export function countryOfArea(area: CoderProperties, isIso: (code: string) => boolean): string {
  const policy = COUNTRY_AREA_POLICY[area.nameEn];
  if (policy !== undefined) return policy;
  const own = area.iso1A2;
  if (own && (isIso(own) || RESERVED[own])) return RESERVED[own] ?? own;
  const code = area.groups?.find(isIso) ?? area.country;
  if (!code || !isIso(code)) throw new Error(`no country for ${area.nameEn}`);
  return code;
}

/** The country of a Natural Earth admin-1 area. */
export function countryOfRegionArea(area: NaturalEarthProperties): string {
  const code =
    REGION_AREA_POLICY[area.name_en ?? ''] ??
    MAP_UNITS[area.gu_a3 ?? ''] ??
    MAP_UNITS[area.adm0_a3 ?? ''] ??
    area.iso_a2;
  return /^[A-Z]{2}$/.test(code) ? code : '';
}

/** Where Unicode's English name is awkward or a database form, the common short one. */
const NAMES: Readonly<Record<string, string>> = {
  BL: 'Saint Barthélemy',
  CC: 'Cocos Islands',
  CD: 'Democratic Republic of the Congo',
  CG: 'Republic of the Congo',
  CI: 'Ivory Coast',
  GS: 'South Georgia and the South Sandwich Islands',
  HK: 'Hong Kong',
  HM: 'Heard Island and McDonald Islands',
  MM: 'Myanmar',
  MO: 'Macao',
  PS: 'Palestine',
  UM: 'United States Minor Outlying Islands',
  VI: 'United States Virgin Islands',
};

const displayNames = new Intl.DisplayNames(['en'], { type: 'region' });

/** The common English name of a country: Unicode CLDR's, without `&`, `St.` and brackets. */
export function countryName(code: string): string {
  const name = NAMES[code] ?? displayNames.of(code) ?? code;
  return name
    .replaceAll(' & ', ' and ')
    .replace(/^St\. /, 'Saint ')
    .replaceAll('’', "'");
}

/** GeoNames' codes of continents. */
export const CONTINENTS: Readonly<Record<string, string>> = {
  AF: 'Africa',
  AN: 'Antarctica',
  AS: 'Asia',
  EU: 'Europe',
  NA: 'North America',
  OC: 'Oceania',
  SA: 'South America',
};

/**
 * One continent per country. Where countries-list differs from both GeoNames and the United Nations'
 * M49 regions, these win: Russia is in Europe (capital and three quarters of its people), Cyprus
 * stays in Europe (GeoNames), East Timor is in Asia (M49). Turkey, Kazakhstan, Georgia, Armenia and
 * Azerbaijan are in Asia in all three.
 */
const CONTINENT_OVERRIDES: Readonly<Record<string, string>> = { RU: 'EU', CY: 'EU', TL: 'AS' };

/** The continent of a country. */
export function continentOf(code: string, continents: Sources['continents']): string {
  const name = CONTINENTS[CONTINENT_OVERRIDES[code] ?? continents[code]?.continent ?? ''];
  if (!name) throw new Error(`no continent for ${code}`);
  return name;
}
