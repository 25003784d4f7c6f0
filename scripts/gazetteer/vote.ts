/**
 * Which GeoNames region each polygon of the region map shows: a vote of the places inside it.
 *
 * Natural Earth draws some countries by their second level (French departements) or as they were
 * years ago. The places know their region; where they agree, the polygon takes their label, so that
 * the polygons and the city table can never contradict each other.
 * @module
 */
import { MIXED } from '../../src/geo/gazetteer.ts';
import { compare, type GeoNamesPlace, isRegionCode } from './places.ts';

/** The share of the vote that makes a polygon one region; below it, the polygon is mixed. */
const MAJORITY = 0.8;

/** Votes of the places in one polygon, by region code. */
export type Ballot = Map<string, number>;

/** A place's vote grows with its people, slowly: a capital must not outvote its whole province. */
export function castVote(ballot: Ballot, place: GeoNamesPlace): void {
  if (!isRegionCode(place.region)) return;
  const weight = Math.sqrt(place.population + 100);
  ballot.set(place.region, (ballot.get(place.region) ?? 0) + weight);
}

/** The winning region code, {@link MIXED}, or '' when nobody voted. */
export function countVotes(ballot: Ballot): string {
  const ranked = [...ballot].sort((a, b) => b[1] - a[1] || compare(a[0], b[0]));
  const winner = ranked[0];
  if (!winner) return '';
  const total = ranked.reduce((sum, [, votes]) => sum + votes, 0);
  return winner[1] >= MAJORITY * total ? winner[0] : MIXED;
}

/** Divisions newer than the polygons and gone again before the name table: by hand. */
const NAMES: readonly (readonly [string, string])[] = [
  ['NO.30', 'Viken'],
  ['NO.38', 'Vestfold og Telemark'],
  ['NO.54', 'Troms og Finnmark'],
];

/**
 * The English names of all regions. Codes that GeoNames has since abolished (Vietnam's provinces of
 * before 2025) take the map's name of the polygon they won with the most votes.
 *
 * @param known - GeoNames' own names, by code
 * @param polygonNames - the map's names of the polygons
 */
export function nameRegions(
  known: ReadonlyMap<string, string>,
  ballots: readonly Ballot[],
  labels: readonly string[],
  polygonNames: readonly string[],
): Map<string, string> {
  const names = new Map([...NAMES, ...known]);
  const most = new Map<string, number>();
  ballots.forEach((ballot, polygon) => {
    const label = labels[polygon]!;
    const votes = ballot.get(label) ?? 0;
    const name = polygonNames[polygon]!;
    if (!label.includes('.') || known.has(label) || !name) return;
    if (NAMES.some(([code]) => code === label) || votes <= (most.get(label) ?? 0)) return;
    most.set(label, votes);
    names.set(label, name);
  });
  return names;
}
