import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { buildChain } from '../../chain/index.ts';
import {
  evaluatePredictions,
  FailureLog,
  formatEvaluation,
  parseRowColumns,
  type RowColumns,
  readPredictions as streamPredictions,
  readTruth as streamTruth,
} from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const readTruth = (path: string, columns: RowColumns = {}) => [...streamTruth(path, { columns })];
function readPredictions(path: string, columns: RowColumns = {}) {
  const failures = new FailureLog();
  const rows = [...streamPredictions(path, failures, { columns })];
  return { rows, failures: failures.first };
}

describe('readTruth', () => {
  it('finds the usual columns whatever their case, and named ones', () => {
    const usual = file('usual.csv', '\uFEFFIMG_ID,AUTHOR,LAT,LON\na b.jpg,x,1.5,-2\n');
    expect(readTruth(usual)).toEqual([{ id: 'a b.jpg', lat: 1.5, lon: -2 }]);
    const named = file('named.tsv', 'key\ty\tx\n007\t1e1\t.5\n');
    expect(readTruth(named, { id: 'key', lat: 'y', lon: 'x' })).toEqual([
      { id: '007', lat: 10, lon: 0.5 },
    ]);
  });

  it('is an error with the line when a row is no truth', () => {
    for (const bad of ['b,,3', 'b,x,3', 'b,91,3', 'b,1,-181', ',1,2', 'b,NaN,2', 'b,1'])
      expect(() => readTruth(file('bad.csv', `id,lat,lon\na,1,2\n${bad}\n`))).toThrow('line 3');
  });

  it('says which column is missing, which kind is unknown and which file is not there', () => {
    const lame = file('lame.csv', 'id,lat,x\na,1,2\n');
    expect(() => readTruth(lame)).toThrow('no column lon');
    expect(() => readTruth(lame, { lon: 'X' })).toThrow('no column X');
    expect(() => readTruth(file('truth.txt', ''))).toThrow('cannot tell what');
    expect(() => readTruth(join(folder, 'nowhere.csv'))).toThrow('cannot read');
    const open = file('open.csv', 'id,lat,lon\n"a,1,2\n');
    expect(() => readTruth(open)).toThrow('line 2: a quote is never closed');
  });
});

describe('readPredictions', () => {
  it('reads JSONL with coordinates, completions and refusals', () => {
    const path = file(
      'p.jsonl',
      '{"id":1,"lat":1,"lon":"2"}\n\n{"id":"b","completion":"x\u2028y","lat":null}\r\n{"id":"c"}',
    );
    expect(readPredictions(path)).toEqual({
      rows: [{ id: '1', lat: 1, lon: 2 }, { id: 'b', completion: 'x\u2028y' }, { id: 'c' }],
      failures: [],
    });
  });

  it('records what it cannot read with line and reason, and reads the rest', () => {
    const path = file(
      'q.jsonl',
      '{"id":"a","lat":"x"}\nnot json\n[1]\n{"lat":1}\n{"id":"b","lat":1,"lon":2}\n',
    );
    const { rows, failures } = readPredictions(path);
    expect(rows).toEqual([{ id: 'b', lat: 1, lon: 2 }]);
    expect(failures.map((failure) => failure.line)).toEqual([1, 2, 3, 4]);
    expect(failures[0]!.reason).toContain('lat');
    expect(failures[1]!.reason).toContain('not JSON');
    expect(failures[2]!.reason).toBe('not a JSON object');
  });

  it('takes an empty cell as no answer, and no columns of answers as a mistake', () => {
    const cells = file('cells.csv', 'id,lat,lon\na,,\nb,1,2\n');
    expect(readPredictions(cells).rows).toEqual([{ id: 'a' }, { id: 'b', lat: 1, lon: 2 }]);
    const wrong = file('wrong.jsonl', '{"id":"a","predicted_lat":1,"predicted_lon":2}\n');
    expect(() => readPredictions(wrong)).toThrow('no column lat, lon');
    expect(readPredictions(wrong, { lat: 'predicted_lat', lon: 'predicted_lon' }).rows).toEqual([
      { id: 'a', lat: 1, lon: 2 },
    ]);
    expect(readPredictions(file('ids.jsonl', '{"id":"a"}\n')).rows).toEqual([{ id: 'a' }]);
    expect(readPredictions(file('none.jsonl', ''))).toEqual({ rows: [], failures: [] });
  });
});

describe('parseRowColumns', () => {
  it('reads pairs and refuses anything else', () => {
    expect(parseRowColumns('id=img_id, lat=a=b', '--columns')).toEqual({
      id: 'img_id',
      lat: 'a=b',
    });
    for (const bad of ['id', 'id=', '=x', 'latitude=y', ''])
      expect(() => parseRowColumns(bad, '--columns')).toThrow('in --columns');
  });
});

describe('formatEvaluation', () => {
  it('is a table a person can read', () => {
    const truth = ['a', 'b', 'c'].map((id) => ({ id, lat: 0, lon: 0 }));
    const text = formatEvaluation(
      evaluatePredictions(truth, [
        { id: 'a', completion: 'lat: 0, lon: 0' },
        { id: 'b', lat: 0, lon: 10 },
      ]),
    );
    expect(text).toMatchInlineSnapshot(`
      "3 rows, 2 answered (66.67 %), 1 invalid and counted as wrong
      haversine (R = 6371 km), right if d <= threshold; geo-r, tolerant reading

                              correct  accuracy   95 % interval   strict
      <= 1 km (street)          1 / 3   33.33 %   6.15 to 79.23   0.00 %
      <= 25 km (city)           1 / 3   33.33 %   6.15 to 79.23   0.00 %
      <= 200 km (region)        1 / 3   33.33 %   6.15 to 79.23   0.00 %
      <= 750 km (country)       1 / 3   33.33 %   6.15 to 79.23   0.00 %
      <= 2500 km (continent)    2 / 3   66.67 %  20.77 to 93.85  33.33 %

      median error   1112 km   0.00 to no answer   no answer: infinite
      mean error      556 km        0.00 to 1112   of answered rows
      GeoScore        2458.0       0.0 to 5000.0   5000 exp(-d/1492.7 km), rounded
      GeoScore        2566.8       0.0 to 5000.0   5000 exp(-d/1805 km)
      95 % intervals: shares Wilson, others bootstrap (1000 resamples, seed 0)

      answers: given 1, repaired 1, missing 1
      repairs: labelled 1"
    `);
  });
});

describe('Im2GPS3k', () => {
  const { GEOR_SHARED } = process.env;
  const shared = GEOR_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
  const path = `${shared}/data/truth/im2gps3k_places365.csv`;
  if (!existsSync(path)) process.stderr.write(`skipped: ${path} is not there (set GEOR_SHARED)\n`);

  it.skipIf(!existsSync(path))('has 2,997 rows, and its own truth as chains scores 100 %', () => {
    const truth = readTruth(path);
    expect(truth).toHaveLength(2997);
    const predictions = truth.map(({ id, lat, lon }) => ({
      id,
      completion: buildChain(
        { lat, lon, continent: 'Asia', country: 'Japan', countryCode: 'JP' },
        'geo-r',
        { condition: 'cor' },
      ),
    }));
    const perfect = evaluatePredictions(truth, predictions);
    expect(perfect.accuracy.map((row) => row.percent)).toEqual([100, 100, 100, 100, 100]);
    expect(perfect.meanKm).toBeLessThan(0.01);
    const half = evaluatePredictions(truth, predictions.slice(0, 1500));
    expect(half).toMatchObject({ n: 2997, answered: 1500, invalid: 1497 });
    expect(half.accuracy[4]!.count).toBe(1500);
  });
});
