/**
 * The papers' tables: which arms stand in which, beside which published rows.
 * @module
 */
import { GeorError } from '../core/index.ts';
import { PUBLISHED_ROWS, type PublishedRow, type PublishedSource } from '../evaluate/index.ts';
import { ARMS, type ArmName } from './arms.ts';
import { BASE, MODEL_NAMES, type ModelName, needsBase } from './models.ts';

/** A row: what it is called here, and the rows of the papers that it is the miniature of. */
export interface TableRow {
  readonly arm: ArmName;
  readonly title: string;
  readonly published: readonly PublishedRow[];
}

/** A table. */
export interface AblationTable {
  readonly title: string;
  /** Where it stands in the papers. */
  readonly source: string;
  readonly rows: readonly TableRow[];
}

/** Finds the row of a paper. */
function published(source: PublishedSource, table: string, method: string): PublishedRow {
  const row = PUBLISHED_ROWS.find(
    (one) =>
      one.source === source &&
      one.table === table &&
      one.method === method &&
      one.role === 'ablation',
  );
  if (!row) throw new GeorError('internal', `there is no row ${method} in ${source}, ${table}`);
  return row;
}

const geoR = (table: 2 | 3 | 4 | 5, ...names: readonly string[]): readonly PublishedRow[] =>
  names.map((name) => published('geo-r', `Table ${table}`, `Qwen2.5-VL 3B, ${name}`));
const globe = (method: string): readonly PublishedRow[] => [published('globe', 'Table 4', method)];
const geoAgent = (method: string): readonly PublishedRow[] => [
  published('geoagent', 'ablation', method),
];

const row = (arm: ArmName, title: string, rows: readonly PublishedRow[] = []): TableRow => ({
  arm,
  title,
  published: rows,
});

/** Every table by the name that `--only` takes. */
export const TABLES = {
  prompt: {
    title: 'What is answered: coordinates, a sentence first, a Chain of Region',
    source: 'Geo-R, Table 2: prompts to untrained models; here each is what was trained on',
    rows: [
      row('direct', 'direct', geoR(2, 'direct')),
      row('cot', 'CoT', geoR(2, 'CoT')),
      row('cor', 'CoR', geoR(2, 'CoR')),
    ],
  },
  size: {
    title: 'Supervised samples, with and without the Chain of Region',
    source: 'Geo-R, Table 3',
    rows: [
      row('direct-quarter', 'SFT quarter', geoR(3, 'SFT 10k')),
      row('cor-quarter', 'SFT quarter, CoR', geoR(3, 'SFT 10k CoR')),
      row('direct-half', 'SFT half', geoR(3, 'SFT 100k')),
      row('cor-half', 'SFT half, CoR', geoR(3, 'SFT 100k CoR')),
      row('direct', 'SFT whole', geoR(3, 'SFT 500k')),
      row('cor', 'SFT whole, CoR', geoR(3, 'SFT 500k CoR')),
      row('both', 'both, asked CoR'),
      row('both-direct', 'both, asked direct'),
    ],
  },
  selection: {
    title: 'Random and hard tiles in supervised training',
    source: 'Geo-R, Table 4',
    rows: [
      row('cor-quarter', 'SFT quarter, random', geoR(4, 'SFT 10k CoR, random')),
      row('cor-quarter-hard', 'SFT quarter, hard', geoR(4, 'SFT 10k CoR, hard')),
    ],
  },
  rl: {
    title: 'Reinforcement after supervised training, on random and on hard tiles',
    source: 'Geo-R, Table 5',
    rows: [
      row('cor', 'SFT, CoR', geoR(5, 'SFT 10k CoR')),
      row('rl-geo-r', '+ RL, random', geoR(5, 'SFT 10k CoR + RL 10k random')),
      row('rl-geo-r-hard', '+ RL, hard', geoR(5, 'SFT 10k CoR + RL 10k hard')),
    ],
  },
  rewards: {
    title: 'The rewards of three recipes, from one supervised model',
    source: 'GLOBE, Table 4 (MP16-Reason-Test); GeoAgent, ablation (GeoSeek-Val)',
    rows: [
      row('cor', 'SFT, CoR', [...globe('Qwen2.5-VL-7B, SFT'), ...geoAgent('SFT alone')]),
      row('rl-geo-r', '+ RL, Geo-R'),
      row('rl-globe', '+ RL, GLOBE', globe('Qwen2.5-VL-7B, GRPO')),
      row('rl-geoagent', '+ RL, GeoAgent', geoAgent('w/o consistency reward')),
    ],
  },
  kl: {
    title: 'Reinforcement with and without the KL term',
    source: 'asked here; DAPO (arXiv 2503.14476) leaves it out',
    rows: [row('rl-geo-r', '+ RL, with KL'), row('rl-geo-r-free', '+ RL, without KL')],
  },
} as const satisfies Readonly<Record<string, AblationTable>>;

/** The name of a table. */
export type TableName = keyof typeof TABLES;

/** All names, in the order of printing. */
export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];

/** A table by its name. */
export const tableOf = (name: TableName): AblationTable => TABLES[name];

/** The arms of some tables. */
export const armsOf = (tables: readonly TableName[]): readonly ArmName[] => [
  ...new Set(tables.flatMap((name) => tableOf(name).rows.map(({ arm }) => arm))),
];

/** The models that some tables need, in the order of training. */
export function modelsOf(tables: readonly TableName[]): readonly ModelName[] {
  const wanted = new Set<ModelName>(armsOf(tables).map((name) => ARMS[name].model));
  if ([...wanted].some(needsBase)) wanted.add(BASE);
  return MODEL_NAMES.filter((name) => wanted.has(name));
}
