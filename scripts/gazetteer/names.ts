/**
 * The sections with other names of places, in the form that `src/geo/forward` compares.
 * @module
 */

import { foldName } from '../../src/geo/forward/fold-name.ts';
import { withoutKind } from '../../src/geo/forward/kind-words.ts';
import { COUNTRY_FIELDS, REGION_FIELDS } from '../../src/geo/forward/name-index.ts';
import { MIXED } from '../../src/geo/gazetteer.ts';
import { countryKeys } from './names-countries.ts';
import { PLACE_ALIASES } from './names-places.ts';
import { ABBREVIATING, REGION_ALIASES } from './names-regions.ts';
import type { GeoNamesPlace } from './places.ts';
import type { NaturalEarthProperties, Sources } from './sources.ts';

/** A polygon of the region map: what the other sections made of it, and the map's own record. */
export interface LabelledArea {
  readonly country: string;
  readonly name: string;
  /** GeoNames code, `*` for several, '' for none. */
  readonly label: string;
  readonly properties: NaturalEarthProperties;
}

/** What the other sections of the file were made from. */
export interface Named {
  readonly sources: Sources;
  readonly countryCodes: readonly string[];
  readonly countryName: (code: string) => string;
  readonly regionCodes: readonly string[];
  readonly regionName: (code: string) => string;
  readonly areas: readonly LabelledArea[];
  readonly places: readonly GeoNamesPlace[];
  /** The area each place is in, or -1. */
  readonly areaOfPlace: readonly number[];
}

/** A place of this many people keeps its name against foreign names of countries. */
const LARGE_PLACE_PEOPLE = 50_000;

/** The three sections, by name. */
export function nameSections(named: Named): [string, Uint8Array][] {
  return [
    ['country-aliases', text(countryLines(named))],
    ['region-aliases', text(regionLines(named))],
    ['city-aliases', text(cityLines(named))],
  ];
}

const text = (lines: readonly (readonly string[])[]): Uint8Array =>
  new TextEncoder().encode(lines.map((line) => `${line.join('\t')}\n`).join(''));

/** Checks at build time what the reader takes for granted. */
const fields = (count: number, values: readonly string[]): readonly string[] => {
  if (values.length !== count) throw new Error(`${values.length} fields, not ${count}`);
  return values;
};

function countryLines({ sources, countryCodes, countryName, areas, places }: Named): string[][] {
  const inhabited = new Set(places.map(({ country }) => country));
  const point = (code: string): string => {
    const area = areas.find(({ country }) => country === code);
    return inhabited.has(code) || !area ? '' : labelPoint(area.properties);
  };
  const large = new Set(
    places
      .filter(({ population }) => population >= LARGE_PLACE_PEOPLE)
      .map(({ name }) => foldName(name)),
  );
  return countryKeys(countryCodes, sources, countryName, (key) => large.has(key)).map((keys, i) => [
    ...fields(COUNTRY_FIELDS, [point(countryCodes[i]!)]),
    ...keys,
  ]);
}

const labelPoint = ({ latitude, longitude }: NaturalEarthProperties): string =>
  latitude === undefined || longitude === undefined ? '' : `${latitude},${longitude}`;

/** The names that Natural Earth has for an area, in 26 languages and from two gazetteers. */
function mapNames(properties: NaturalEarthProperties): string[] {
  return namesIn(properties, /^(name|name_(?!len|alt)[a-z]{2,3}|woe_name|gn_name|gns_name)$/);
}

/** Its other names, some of which are a neighbour's. */
const otherMapNames = (properties: NaturalEarthProperties): string[] =>
  namesIn(properties, /^name_alt$/);

function namesIn(properties: NaturalEarthProperties, fields: RegExp): string[] {
  return Object.entries(properties).flatMap(([field, value]) =>
    fields.test(field) && typeof value === 'string'
      ? value.split(/[|;/]/).map((name) => name.replace(/, .*$/, ''))
      : [],
  );
}

/** Folded names, and folded names without the kind of division; each once. */
function regionKeys(names: readonly string[]): string[] {
  const folded = names.map(foldName).filter((key) => key !== '' && !/^\d+$/.test(key));
  // Columbia is some thirty towns, but nobody's word for the district.
  const short = folded.filter((key) => key !== 'district of columbia').map(withoutKind);
  return [...new Set([...folded, ...short])].filter((key) => key !== '');
}

/** A line for each region, then one for each area that is a part of one or holds several. */
function regionLines(named: Named): string[][] {
  const { sources, countryName, regionCodes, regionName, areas, places, areaOfPlace } = named;
  const areasOf = new Map<string, number[]>();
  areas.forEach(({ label, country }, i) => {
    if (label.startsWith(`${country}.`)) areasOf.set(label, [...(areasOf.get(label) ?? []), i]);
  });
  /** Île-de-France without the kind of place would be the whole country. */
  const isCountry = (key: string, code: string): boolean =>
    key === foldName(countryName(code.slice(0, 2))) && key !== foldName(regionName(code));
  const ownKeys = new Map(
    regionCodes.map((code) => [
      code,
      regionKeys([regionName(code), ...(REGION_ALIASES[code] ?? '').split('|')]).filter(
        (key) => !isCountry(key, code),
      ),
    ]),
  );
  /** Which region of a country has a name for its own: the map gives it to no other there. */
  const owner = new Map<string, string>();
  for (const [code, keys] of ownKeys)
    for (const key of keys) owner.set(code.slice(0, 3) + key, code);
  const unowned = (keys: readonly string[], code: string): string[] =>
    keys.filter((key) => (owner.get(code.slice(0, 3) + key) ?? code) === code);
  const onMap = new Set(
    areas.flatMap(({ country, properties }) =>
      regionKeys(mapNames(properties)).map((key) => `${country}.${key}`),
    ),
  );
  const keysOf = ({ country, properties }: LabelledArea): string[] => [
    ...regionKeys(mapNames(properties)),
    ...regionKeys(otherMapNames(properties)).filter((key) => !onMap.has(`${country}.${key}`)),
  ];
  const whole = new Set<number>();
  const lines: string[][] = [];
  for (const code of regionCodes) {
    const name = regionName(code);
    if (name === '') continue;
    const own = ownKeys.get(code)!;
    const all = areasOf.get(code) ?? [];
    const same = all.filter((area) => {
      const keys = regionKeys([areas[area]!.name, areas[area]!.properties.name ?? '']);
      return all.length === 1 || keys.some((key) => own.includes(key));
    });
    for (const area of same) whole.add(area);
    const short = all.length === 1 ? abbreviation(areas[all[0]!]!) : '';
    const keys = unowned(
      same.flatMap((area) => keysOf(areas[area]!)),
      code,
    ).filter((key) => !isCountry(key, code));
    lines.push([
      ...fields(REGION_FIELDS, [code, '', '', '']),
      ...new Set([...own, ...(short ? [short] : []), ...keys]),
    ]);
  }
  for (const code of Object.keys(REGION_ALIASES))
    if (sources.isDefault && !regionCodes.includes(code))
      throw new Error(`no region ${code} to give other names`);

  const largest = new Map<number, number>();
  areaOfPlace.forEach((area, place) => {
    const best = largest.get(area);
    if (best === undefined || places[place]!.population > places[best]!.population)
      largest.set(area, place);
  });
  areas.forEach(({ country, name, label, properties }, i) => {
    if (whole.has(i) || country === '' || name === '') return;
    const place = String(largest.get(i) ?? labelPoint(properties));
    const code = label.startsWith(`${country}.`) ? label : `${country}.`;
    const polygon = label === MIXED ? String(i) : '';
    lines.push([
      ...fields(REGION_FIELDS, [code, name, polygon, place]),
      ...new Set(
        [foldName(name), ...unowned(keysOf(areas[i]!), `${country}.-`)].filter(
          (key) => key !== foldName(countryName(country)),
        ),
      ),
    ]);
  });
  return lines;
}

/** `CA` for California, in capitals; '' where addresses use none. */
function abbreviation({ country, properties }: LabelledArea): string {
  const letters = /^[A-Z]{2}-([A-Z]{2,3})$/.exec(properties.iso_3166_2 ?? '')?.[1];
  return letters && ABBREVIATING.has(country) ? letters : '';
}

/** A line for each place: its names other than the one in `city-names`. */
function cityLines({ sources, places, regionName }: Named): string[][] {
  const more = new Map<number, string[]>();
  for (const [within, name, aliases] of PLACE_ALIASES) {
    const index = places.reduce(
      (best, place, i) =>
        `${place.region}.`.startsWith(`${within}.`) &&
        place.name === name &&
        (best < 0 || place.population > places[best]!.population)
          ? i
          : best,
      -1,
    );
    if (index < 0 && !sources.isDefault) continue;
    if (index < 0) throw new Error(`no place ${name} in ${within} to give other names`);
    more.set(index, [...(more.get(index) ?? []), ...aliases.split('|')]);
  }
  return places.map(({ name, otherNames, region }, i) => {
    // Airport codes are not what people call a town, and some are what they call another one.
    const words = otherNames.filter((other) => !/^[A-Z]{2,4}$/.test(other));
    const keys = new Set([...words, ...(more.get(i) ?? [])].map(foldName));
    keys.delete('');
    keys.delete(foldName(name));
    // Île-de-France is not another name of Paris, but New York is one of New York City.
    const regionKey = foldName(regionName(region));
    if (!foldName(name).startsWith(regionKey)) keys.delete(regionKey);
    return [...keys].sort();
  });
}
