/**
 * What is known of a picture after asking: the chain with its support, the point, how sure, and why.
 * @module
 */
import type { CarriedMetadata } from '../data/index.ts';
import {
  type Coordinate,
  forwardGeocode,
  type Gazetteer,
  type Place,
  reverseGeocode,
} from '../geo/index.ts';
import type { AskFailure, Completion, Prompt } from './backend.ts';
import type { Calibration } from './calibration/calibration.ts';
import { collectClues } from './consensus/clues.ts';
import { type Cluster, clustersOf } from './consensus/clusters.ts';
import { type LevelSupport, type Undecided, voteLevels } from './consensus/levels.ts';
import { consensusPoint, type PointOptions } from './consensus/point.ts';
import { type Radii, radiiOf } from './consensus/radii.ts';
import { type Disagreement, disagreementsOf, type LocatedSample, readSample } from './sample.ts';

/** How finely a result may say where a picture was taken. */
export type Precision = 'country' | 'region' | 'city' | 'point';

/** Every precision, from coarse to fine. */
export const PRECISIONS: readonly Precision[] = ['country', 'region', 'city', 'point'];

/** A cluster of samples, as a candidate answer. */
export interface Candidate extends Coordinate {
  /** Samples in it. */
  readonly votes: number;
  /** From its point to its farthest sample, kilometres. */
  readonly radiusKm: number;
  /** The place at its point; absent in the open sea or without a gazetteer. */
  readonly place?: Place;
}

/** A located picture. */
export interface LocateResult {
  readonly contentId: string;
  /** The backend's name. */
  readonly backend: string;
  /** Answers that came back, readable or not: what support is counted in. */
  readonly answered: number;
  /** Answers with a place. */
  readonly readable: number;
  /** Answers that were asked for and did not come, with the reasons. */
  readonly failures: readonly AskFailure[];
  /** The finest level that is told. */
  readonly precision: Precision;
  /** The chain with the most support, from the country down. */
  readonly levels: readonly LevelSupport[];
  /** The level below the chain on which too few samples agree; `null` where none is named. */
  readonly undecided: Undecided | null;
  /** The answer; `null` where no sample has a coordinate, or none may be told. */
  readonly point: Coordinate | null;
  readonly radii: Radii | null;
  /** Where the samples lie, most votes first. */
  readonly candidates: readonly Candidate[];
  /** What the model says it saw. */
  readonly clues: readonly string[];
  /** Levels at which the chain and the point are two places. */
  readonly disagreements: readonly Disagreement[];
  /** A page that shows the point: text, nothing is fetched. */
  readonly mapLink: string | null;
  readonly samples: readonly LocatedSample[];
  /** What the file held besides pixels. It was not read for this and was sent nowhere. */
  readonly carried?: CarriedMetadata;
  /** What the asker should know about how it was asked. */
  readonly notes: readonly string[];
}

/** What a result is made from. */
export interface ResultOptions extends PointOptions {
  /** Names, borders and coordinates; without one, names stay as written. */
  readonly gazetteer?: Gazetteer | undefined;
  readonly calibration?: Calibration | undefined;
}

/** Completions and where they come from. */
export interface AnsweredPicture {
  readonly contentId: string;
  readonly backend: string;
  readonly prompt: Pick<Prompt, 'contract'>;
  readonly completions: readonly Completion[];
  readonly failures?: readonly AskFailure[];
  readonly notes?: readonly string[];
  readonly carried?: CarriedMetadata | undefined;
}

/** Makes one result of many answers. Never throws for what they say. */
export function locateResult(answered: AnsweredPicture, options: ResultOptions = {}): LocateResult {
  const { gazetteer, calibration, ...pointOptions } = options;
  const { contract } = answered.prompt;
  const samples = answered.completions.map((completion) =>
    readSample(completion, contract, gazetteer),
  );
  const { levels, undecided } = voteLevels(samples);
  const placed = samples.flatMap(({ coordinate }) => coordinate ?? []);
  const point = placed.length === 0 ? null : consensusPoint(placed, pointOptions);
  return {
    contentId: answered.contentId,
    backend: answered.backend,
    answered: samples.length,
    readable: placed.length,
    failures: answered.failures ?? [],
    precision: 'point',
    levels,
    undecided,
    point,
    radii: point && radiiOf(point, placed, calibration),
    candidates: clustersOf(placed).map((cluster) => candidateOf(cluster, gazetteer)),
    clues: collectClues(supporting(samples, levels)),
    disagreements: point && gazetteer ? chainAgainstPoint(levels, point, gazetteer) : [],
    mapLink: point && mapLink(point),
    samples,
    ...(answered.carried && { carried: answered.carried }),
    notes: answered.notes ?? [],
  };
}

const candidateOf = (
  { point, members, radiusKm }: Cluster,
  gazetteer: Gazetteer | undefined,
): Candidate => {
  const place = gazetteer ? reverseGeocode(gazetteer, point.lat, point.lon) : null;
  return { ...point, votes: members.length, radiusKm, ...(place && { place }) };
};

/** The samples that say the whole chain first, then those that share more of it than nothing. */
function supporting(
  samples: readonly LocatedSample[],
  levels: readonly LevelSupport[],
): LocatedSample[] {
  const shared = (sample: LocatedSample): number =>
    levels.filter(({ level, name }) => sample.names[level] === name).length;
  return samples
    .filter((sample) => levels.length === 0 || shared(sample) > 0)
    .sort((a, b) => shared(b) - shared(a));
}

function chainAgainstPoint(
  levels: readonly LevelSupport[],
  point: Coordinate,
  gazetteer: Gazetteer,
): Disagreement[] {
  const names = Object.fromEntries(levels.map(({ level, name }) => [level, name]));
  if (levels.length === 0) return [];
  const match = forwardGeocode(gazetteer, names);
  const place = reverseGeocode(gazetteer, point.lat, point.lon);
  return disagreementsOf(names, point, place, match?.level === 'city' ? match : null);
}

/** Decimals of a printed coordinate: 11 m. */
const DECIMALS = 4;

/** The address of a map around a point, on openstreetmap.org. */
export function mapLink({ lat, lon }: Coordinate): string {
  const [y, x] = [lat.toFixed(DECIMALS), lon.toFixed(DECIMALS)];
  return `https://www.openstreetmap.org/?mlat=${y}&mlon=${x}#map=11/${y}/${x}`;
}
