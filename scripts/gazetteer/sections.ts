/**
 * The sections of the gazetteer file, from the sources.
 * @module
 */
import { decodeBorders, encodeBorders, NOWHERE } from '../../src/geo/borders.ts';
import { encodeCities } from '../../src/geo/cities.ts';
import { EdgeGrid } from '../../src/geo/edge-grid.ts';
import { MIXED } from '../../src/geo/gazetteer.ts';
import { splitWesternSahara } from './clip.ts';
import { continentOf, countryName, countryOfArea, countryOfRegionArea } from './countries.ts';
import { nameSections } from './names.ts';
import { compare, type GeoNamesPlace, readPlaces } from './places.ts';
import { type NaturalEarthProperties, type Polygon, polygonsOf, type Sources } from './sources.ts';
import { buildArcs } from './topology.ts';
import { type Ballot, castVote, countVotes, nameRegions } from './vote.ts';

/** A place this close to a polygon of its country votes in it, kilometres. */
const VOTE_SNAP_KM = 50;

interface RegionArea {
  readonly polygons: readonly Polygon[];
  readonly country: string;
  readonly name: string;
  readonly geoNamesCode: string;
  readonly properties: NaturalEarthProperties;
}

/** Everything the file holds, by section name. */
export function buildSections(sources: Sources): Map<string, Uint8Array> {
  const iso = new Set([...sources.isoCodes, 'XK']);
  const countryAreas = splitWesternSahara(
    sources.countryAreas
      .filter(({ geometry }) => geometry)
      .map((feature) => ({
        polygons: polygonsOf(feature),
        country: countryOfArea(feature.properties, (code) => iso.has(code)),
      })),
  );
  const regionAreas = readRegionAreas(sources);
  const regionBorders = encodeBorders(buildArcs(regionAreas));
  const regionGrid = new EdgeGrid(decodeBorders(regionBorders, 'regions', regionAreas.length));

  const places = readPlaces(sources.cities, sources.newerCities);
  const polygonOfPlace = places.map((place) => findPolygon(regionGrid, regionAreas, place));
  const ballots = regionAreas.map((): Ballot => new Map());
  places.forEach((place, i) => {
    const ballot = ballots[polygonOfPlace[i]!];
    if (ballot) castVote(ballot, place);
  });
  const known = new Map(sources.regionNames.map(({ code, name }) => [code, name.trim()]));
  const labels = ballots.map((ballot, polygon) => {
    const { country, geoNamesCode } = regionAreas[polygon]!;
    const isKnown = geoNamesCode.startsWith(`${country}.`) && known.has(geoNamesCode);
    return countVotes(ballot) || (isKnown ? geoNamesCode : '');
  });
  report(labels);

  const countryCodes = [
    ...new Set([...countryAreas, ...regionAreas, ...places].map(({ country }) => country)),
  ]
    .filter((code) => code !== '')
    .sort(compare);
  const regionCodes = [
    ...new Set([...places.map(({ region }) => region), ...labels.filter((l) => /\./.test(l))]),
  ].sort(compare);
  const regionIndex = new Map(regionCodes.map((code, i) => [code, i]));
  const names = nameRegions(
    known,
    ballots,
    labels,
    regionAreas.map(({ name }) => name),
  );

  const text = (rows: readonly (readonly string[])[]): Uint8Array =>
    new TextEncoder().encode(rows.map((row) => `${row.join('\t')}\n`).join(''));
  return new Map([
    [
      'countries',
      text(countryCodes.map((c) => [c, countryName(c), continentOf(c, sources.continents)])),
    ],
    ['country-polygons', text(countryAreas.map(({ country }) => [country]))],
    ['country-borders', encodeBorders(buildArcs(countryAreas))],
    ['regions', text(regionCodes.map((code) => [code, names.get(code) ?? '']))],
    [
      'region-polygons',
      text(regionAreas.map(({ country, name }, i) => [country, labels[i]!, name])),
    ],
    ['region-borders', regionBorders],
    [
      'cities',
      encodeCities(
        places.map((place, i) => ({
          ...place,
          region: regionIndex.get(place.region)!,
          mixedPolygon: labels[polygonOfPlace[i]!] === MIXED ? polygonOfPlace[i]! : NOWHERE,
        })),
      ),
    ],
    ['city-names', text(places.map(({ name }) => [name]))],
    ...nameSections({
      sources,
      countryCodes,
      countryName,
      regionCodes,
      regionName: (code) => names.get(code) ?? '',
      areas: regionAreas.map((area, i) => ({ ...area, label: labels[i]! })),
      places,
      areaOfPlace: polygonOfPlace,
    }),
  ]);
}

function readRegionAreas(sources: Sources): RegionArea[] {
  const areas = sources.regionAreas
    .filter(({ geometry }) => geometry)
    .map((feature) => ({
      polygons: polygonsOf(feature),
      country: countryOfRegionArea(feature.properties),
      name: (feature.properties.name_en || feature.properties.name || '').trim(),
      geoNamesCode: feature.properties.gn_a1_code ?? '',
      properties: feature.properties,
    }));
  // Moroccan divisions do not name Western Sahara's land; a whole country is no region of itself.
  return splitWesternSahara(areas).map((area) => {
    if (area.country === 'EH') return { ...area, name: '', geoNamesCode: '' };
    return area.country && area.name === countryName(area.country) ? { ...area, name: '' } : area;
  });
}

/** The polygon of its own country that a place is in or near, or -1. */
function findPolygon(
  grid: EdgeGrid,
  areas: readonly RegionArea[],
  { lat, lon, country }: GeoNamesPlace,
): number {
  const isOwn = (polygon: number): boolean => areas[polygon]!.country === country;
  const drawn = grid.regionAt(lat, lon);
  return drawn !== NOWHERE && isOwn(drawn)
    ? drawn
    : grid.nearestRegion(lat, lon, VOTE_SNAP_KM, isOwn);
}

function report(labels: readonly string[]): void {
  const count = (test: (label: string) => boolean): number => labels.filter(test).length;
  console.log(
    `region polygons: ${count((label) => label.includes('.'))} with one region, ` +
      `${count((label) => label === MIXED)} mixed, ${count((label) => label === '')} with none`,
  );
}
