/**
 * Another view of disputed land than the one the gazetteer is built with, chosen at run time.
 * @module
 */
import { GeorError } from '../core/index.ts';
import { NOWHERE } from './borders.ts';
import { DISPUTED_AREAS, type DisputedArea } from './disputed.ts';
import type { EdgeGrid } from './edge-grid.ts';
import { type Gazetteer, type PolicyMap, UNCHANGED } from './gazetteer.ts';

/** Area of {@link DISPUTED_AREAS} to ISO 3166-1 alpha-2 code (or `XK`), or null for nobody's land. */
export type PolicyOverrides = Readonly<Record<string, string | null>>;

/**
 * The gazetteer under another policy. The given one stays as it is; both share their data.
 *
 * The regions and cities of an area stay, under the new country; a region then has no `regionCode`,
 * because the GeoNames code names the other country.
 *
 * @throws GeorError `config` for an area or a code that does not exist, or an area around which this
 *   gazetteer's map draws no border
 * @example withPolicy(gazetteer, { 'Bir Tawil': 'EG', Kosovo: 'RS' })
 */
export function withPolicy(gazetteer: Gazetteer, overrides: PolicyOverrides): Gazetteer {
  const policy: PolicyMap = {
    countryPolygon:
      gazetteer.policy?.countryPolygon.slice() ?? unchanged(gazetteer.countryOfPolygon),
    regionPolygon: gazetteer.policy?.regionPolygon.slice() ?? unchanged(gazetteer.regionPolygons),
  };
  for (const [name, code] of Object.entries(overrides)) {
    const area = DISPUTED_AREAS.find((entry) => entry.area === name);
    if (!area) {
      throw new GeorError('config', `the policy names an unknown area: ${name}`, {
        hint: `the areas are ${DISPUTED_AREAS.map((entry) => entry.area).join('; ')}`,
      });
    }
    draw(policy, gazetteer, area, countryIndex(gazetteer, name, code));
  }
  return { ...gazetteer, policy };
}

const unchanged = ({ length }: { readonly length: number }): Int16Array =>
  new Int16Array(length).fill(UNCHANGED);

function countryIndex({ countries }: Gazetteer, area: string, code: string | null): number {
  if (code === null) return NOWHERE;
  const index = countries.findIndex((country) => country.code === code);
  if (index >= 0) return index;
  throw new GeorError('config', `the policy gives ${area} to ${JSON.stringify(code)}, no country`, {
    hint: 'countries are ISO 3166-1 alpha-2 codes in capitals, or XK, or null for nobody',
  });
}

/** Gives every part of an area to a country, on the map that draws the part by itself. */
function draw(policy: PolicyMap, gazetteer: Gazetteer, area: DisputedArea, country: number): void {
  for (const sample of area.samples) {
    const polygonIn = (borders: EdgeGrid): number => {
      const polygon = borders.regionAt(sample.lat, sample.lon);
      return polygon !== NOWHERE && isWithin(borders.boundsOf(polygon), area) ? polygon : NOWHERE;
    };
    const onCountries = polygonIn(gazetteer.countryBorders);
    const onRegions = onCountries === NOWHERE ? polygonIn(gazetteer.regionBorders) : NOWHERE;
    if (onCountries !== NOWHERE) policy.countryPolygon[onCountries] = country;
    else if (onRegions !== NOWHERE) policy.regionPolygon[onRegions] = country;
    else {
      throw new GeorError('config', `this gazetteer's map draws no border around ${area.area}`, {
        hint: 'a gazetteer built from boundaries that do can follow such a policy',
      });
    }
  }
}

const isWithin = (
  [south, west, north, east]: readonly number[],
  { bounds }: DisputedArea,
): boolean =>
  south! >= bounds[0] && west! >= bounds[1] && north! <= bounds[2] && east! <= bounds[3];
