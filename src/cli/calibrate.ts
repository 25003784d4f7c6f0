/**
 * `geor calibrate`: radii that hold the truth as often as they say.
 * @module
 */
import { Command, InvalidArgumentError } from 'commander';
import { GeorError } from '../core/index.ts';
import { writeFileAtomic } from '../core/node/index.ts';
import {
  defaultGazetteer,
  isEarthAddress,
  landPoints,
  loadEarth,
  parseEarthAddress,
} from '../data/index.ts';
import { parseRowColumns, readTruth, type Share, wilsonShare } from '../evaluate/index.ts';
import type { Coordinate } from '../geo/index.ts';
import {
  type Calibration,
  type CalibrationPicture,
  type Coverage,
  calibrate,
  coverageOf,
  isForCalibration,
  isLocated,
  type LocatedRow,
  scopeOf,
} from '../locate/index.ts';
import { readRows } from '../locate/node/index.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly truth: string;
  readonly samples: string;
  readonly truthColumns?: string;
  readonly checkShare: number;
  readonly seed: number;
  readonly json?: true;
  readonly output: string;
}

const HELP = `
Locate held-out pictures with several samples each and keep the rows, then:

  geor locate 'earth:?count=2000&split=test' -k 16 --format jsonl -o rows.jsonl
  geor calibrate --truth 'earth:?count=2000&split=test' --samples rows.jsonl
  geor locate earth:60.39,5.32 -k 16 --calibration calibration.json

A share of the globe's 2-degree blocks (--check-share) is set aside and says how
often the radii hold there. The calibration is for the model, the question, the
number of samples, the temperature and the way to the point with which the rows were
made; it is refused for any other.`;

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < 1))
    throw new InvalidArgumentError('It has to be a share from 0 to below 1.');
  return value;
}

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('calibrate')
    .description('radii that hold the truth as often as they say, from held-out pictures')
    .requiredOption('--truth <file>', 'CSV or JSONL with id, lat, lon; or an earth: address')
    .requiredOption('--samples <file>', 'rows of geor locate, as JSON lines')
    .option('--truth-columns <names>', 'columns of the truth: id=NAME,lat=NAME,lon=NAME')
    .option('--check-share <share>', 'share of the globe to check on instead', share, 0.5)
    .option('--seed <n>', 'which blocks are set aside', wholeNumber(0, 2 ** 32 - 1), 0)
    .option('--json', 'print one JSON document')
    .option('-o, --output <file>', 'where to write the calibration', 'calibration.json')
    .addHelpText('after', HELP)
    .action(run);
}

function run(flags: Flags): void {
  const rows = readRows(flags.samples).rows.filter(isLocated);
  const [first] = rows;
  if (!first)
    throw new GeorError('data', `${flags.samples} holds no located picture`, {
      hint: 'make rows with geor locate .. -k 16 --format jsonl -o FILE',
    });
  const scope = scopeOf(first.asked);
  const strange = rows.find(
    ({ asked }) => JSON.stringify(scopeOf(asked)) !== JSON.stringify(scope),
  );
  if (strange)
    throw new GeorError('data', `the rows are of different models or settings (${strange.id})`, {
      hint: 'calibrate on the rows of one run',
    });
  const pictures = picturesOf(rows, truthOf(flags));
  const isUsed = ({ truth }: CalibrationPicture): boolean =>
    isForCalibration(truth, 1 - flags.checkShare, flags.seed);
  const made = calibrate(pictures.filter(isUsed), scope, new Date().toISOString().slice(0, 10));
  const others = pictures.filter((picture) => !isUsed(picture));
  const coverage = others.length > 0 ? coverageOf(made, others) : undefined;
  const calibration: Calibration = {
    ...made,
    ...(coverage && { check: { n: coverage.n, half: coverage.half, most: coverage.most } }),
  };
  writeFileAtomic(flags.output, `${JSON.stringify(calibration, null, 2)}\n`);
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ calibration, coverage: coverage ?? null }, null, 2)}\n`
      : textOf(calibration, coverage, flags.output),
  );
}

/** Truth by id. */
function truthOf({ truth, truthColumns }: Flags): ReadonlyMap<string, Coordinate> {
  if (isEarthAddress(truth)) {
    const points = parseEarthAddress(truth, { seed: 1, count: 1, split: 'test' });
    const samples = landPoints(points, defaultGazetteer(), loadEarth());
    return new Map([...samples].map(({ id, lat, lon }) => [id, { lat, lon }]));
  }
  const columns =
    truthColumns === undefined ? {} : parseRowColumns(truthColumns, '--truth-columns');
  return new Map([...readTruth(truth, { columns })].map(({ id, lat, lon }) => [id, { lat, lon }]));
}

/**
 * Rows with their truth; a picture with fewer than two places among its samples has no radius.
 *
 * @throws GeorError `data` when a row has no truth
 */
function picturesOf(
  rows: readonly LocatedRow[],
  truths: ReadonlyMap<string, Coordinate>,
): CalibrationPicture[] {
  return rows.flatMap((row): CalibrationPicture[] => {
    const truth = truths.get(row.id);
    if (!truth)
      throw new GeorError('data', `there is no truth for ${row.id}`, {
        hint: 'ids of the rows are paths as they were given, or ids of earth: samples',
      });
    const samples = row.samples.flatMap(({ lat, lon }) =>
      lat === null || lon === null ? [] : { lat, lon },
    );
    if (row.lat === null || row.lon === null || samples.length < 2) return [];
    return [{ truth, point: { lat: row.lat, lon: row.lon }, samples }];
  });
}

function textOf(
  { n, scope, radii, date }: Calibration,
  coverage: Coverage | undefined,
  path: string,
): string {
  const percent = ({ percent: value, ciLow, ciHigh }: Share): string =>
    `${value.toFixed(1)} % [${ciLow.toFixed(1)}, ${ciHigh.toFixed(1)}]`;
  const line = (label: string, text: string): string => `${label.padEnd(12)}${text}\n`;
  return [
    line('Calibrated', `on ${n} pictures, ${date}; written to ${path}`),
    line('For', `${scope.model}`),
    line(
      '',
      `${scope.contract} ${scope.condition}, ${scope.samples} samples at temperature ${scope.temperature}, point by ${scope.method}`,
    ),
    line(
      'Radii',
      `${radii.half.toFixed(3)} and ${radii.most.toFixed(3)} times the spread of the samples`,
    ),
    ...(coverage
      ? [
          line('Checked', `on ${coverage.n} pictures of other blocks of the globe, 95 % intervals`),
          line(
            '  50 %',
            `observed ${percent(wilsonShare(coverage.half, coverage.n))}, mean radius ${coverage.meanHalfKm.toFixed(0)} km`,
          ),
          line(
            '  90 %',
            `observed ${percent(wilsonShare(coverage.most, coverage.n))}, mean radius ${coverage.meanMostKm.toFixed(0)} km`,
          ),
        ]
      : []),
  ].join('');
}
