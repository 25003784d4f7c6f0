/**
 * What the papers say, as differences that are above 0 where it holds, each with the measure that
 * decides. Written down before any result was looked at.
 *
 * Claims about coordinates are decided by the mean Geo-R reward: one number for all five thresholds.
 * GLOBE and GeoAgent place an answer by the names in it, so their claims are decided by the share of
 * answers whose names lie within 200 km.
 * @module
 */
import type { ArmName } from './arms.ts';
import type { MeasureName } from './measures.ts';
import type { TableName } from './tables.ts';

/** A claim: the sum over some arms less the sum over others is above 0. */
export interface Claim {
  readonly name: string;
  readonly table: TableName;
  readonly text: string;
  /** Where it is said, or `asked here` where no paper says it. */
  readonly source: string;
  readonly plus: readonly ArmName[];
  readonly minus: readonly ArmName[];
  readonly measure: MeasureName;
}

const claim = (
  name: string,
  table: TableName,
  text: string,
  source: string,
  [plus, minus]: readonly [readonly ArmName[], readonly ArmName[]],
  measure: MeasureName = 'reward',
): Claim => ({ ...{ name, table, text, source }, ...{ plus, minus, measure } });

const HERE = 'asked here';

/** All claims, in the order of the tables. */
export const CLAIMS: readonly Claim[] = [
  claim(
    'cor-over-direct',
    'prompt',
    'A Chain of Region places better than coordinates alone',
    'Geo-R, Tables 2 and 3',
    [['cor'], ['direct']],
  ),
  claim(
    'cor-over-cot',
    'prompt',
    'A Chain of Region places better than a sentence first',
    'Geo-R, Table 2',
    [['cor'], ['cot']],
  ),
  claim('cor-over-direct-half', 'size', 'So it does with half of the samples', 'Geo-R, Table 3', [
    ['cor-half'],
    ['direct-half'],
  ]),
  claim(
    'cor-over-direct-quarter',
    'size',
    'So it does with a quarter of the samples',
    'Geo-R, Table 3',
    [['cor-quarter'], ['direct-quarter']],
  ),
  claim(
    'cor-helps-few',
    'size',
    'It helps most where samples are few: quarter against whole',
    'Geo-R, section 4.4',
    [
      ['cor-quarter', 'direct'],
      ['direct-quarter', 'cor'],
    ],
  ),
  claim(
    'samples-help',
    'size',
    'More supervised samples place better: whole against quarter',
    'Geo-R, Table 3',
    [['cor'], ['cor-quarter']],
  ),
  claim(
    'both-over-direct',
    'size',
    'Learning the chain beside the coordinates makes the coordinates better',
    HERE,
    [['both-direct'], ['direct']],
  ),
  claim(
    'both-over-cor',
    'size',
    'Learning the coordinates beside the chain makes the chain better',
    HERE,
    [['both'], ['cor']],
  ),
  claim(
    'random-over-hard',
    'selection',
    'In supervised training random tiles serve better than hard ones',
    'Geo-R, Table 4',
    [['cor-quarter'], ['cor-quarter-hard']],
  ),
  claim('rl-over-sft', 'rl', 'RL on random tiles improves on SFT', 'Geo-R, section 4.5', [
    ['rl-geo-r'],
    ['cor'],
  ]),
  claim('rl-hard-over-sft', 'rl', 'RL on hard tiles improves on SFT', 'Geo-R, Table 5', [
    ['rl-geo-r-hard'],
    ['cor'],
  ]),
  claim(
    'hard-over-random',
    'rl',
    'In RL hard tiles serve better than random ones',
    'Geo-R, Table 5',
    [['rl-geo-r-hard'], ['rl-geo-r']],
  ),
  claim(
    'globe-over-sft',
    'rewards',
    'RL with the reward of GLOBE improves on SFT',
    'GLOBE, Table 4',
    [['rl-globe'], ['cor']],
    'named200',
  ),
  claim(
    'geoagent-over-sft',
    'rewards',
    'RL with the reward of GeoAgent improves on SFT',
    'GeoAgent, ablation',
    [['rl-geoagent'], ['cor']],
    'named200',
  ),
  claim(
    'geo-r-over-globe',
    'rewards',
    "Geo-R's reward places coordinates better than GLOBE's",
    HERE,
    [['rl-geo-r'], ['rl-globe']],
  ),
  claim(
    'geo-r-over-geoagent',
    'rewards',
    "Geo-R's reward places coordinates better than GeoAgent's",
    HERE,
    [['rl-geo-r'], ['rl-geoagent']],
  ),
  claim('kl-helps', 'kl', 'The KL term helps', HERE, [['rl-geo-r'], ['rl-geo-r-free']]),
];
