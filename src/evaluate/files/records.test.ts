import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { GeorError } from '../../core/index.ts';
import {
  evaluateRows,
  FailureLog,
  readPredictions,
  readTruth,
  scorePredictions,
  truthTable,
  writeScoredRows,
} from '../index.ts';
import { readLines } from './lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-records-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

describe('readLines', () => {
  it('gives the lines of any text', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'é', '東', '"', ' ', '\u2028') });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
        const path = file('lines.txt', lines.map((text) => text + end).join(''));
        expect([...readLines(path)]).toEqual(lines);
      }),
    );
  });

  it('keeps characters whole across its megabyte chunks, and tells how far it is', () => {
    const long = '東'.repeat(700_000); // 2.1 MB
    const seen: [number, number][] = [];
    const path = file('long.txt', `\uFEFF${long}\nshort`);
    expect([...readLines(path, (...at) => seen.push(at))]).toEqual([long, 'short']);
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.at(-1)).toEqual([2_100_009, 2_100_009]);
  });

  it('says which file cannot be read', () => {
    expect(() => [...readLines(join(folder, 'nowhere'))]).toThrow('cannot read');
    expect(() => [...readLines(folder)]).toThrow('cannot read');
  });
});

describe('bad input', () => {
  const truth = truthTable(['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, lat: 1, lon: 2 })));

  it('is recorded line by line, and the rest is scored', () => {
    const binary = Buffer.concat([
      Buffer.from('id,lat,lon,completion\na,1,2,\nb,NaN,2,\nc,,,"'),
      Buffer.from([0, 1, 255, 254, 7]),
      Buffer.from('"\nd,1,"2\ne,,,"(1.0, 2.0)\nsecond line"\n'),
    ]);
    const failures = new FailureLog();
    const rows = scorePredictions(truth, readPredictions(file('bad.csv', binary), failures));
    expect(failures.first.map(({ line }) => line)).toEqual([3, 5]);
    expect(evaluateRows(rows)).toMatchObject({ n: 5, answered: 2, readings: { missing: 2 } });
  });

  it('in a confidence costs no answer', () => {
    const failures = new FailureLog();
    const path = file('sure.csv', 'id,lat,lon,confidence\na,1,2,high\nb,1,2,0.9\nc,1,2,\n');
    const rows = scorePredictions(truth, readPredictions(path, failures));
    expect([failures.count, rows.distanceKm.filter(Number.isFinite).length]).toEqual([0, 3]);
    expect(evaluateRows(rows).reliability).toMatchObject({ n: 1, ignored: 1 });
  });

  it('is counted whole, and named only up to a hundred lines', () => {
    const failures = new FailureLog();
    const path = file('many.jsonl', `${'nonsense\n'.repeat(250)}{"id":"a","lat":1,"lon":2}\n`);
    expect([...readPredictions(path, failures)]).toHaveLength(1);
    expect([failures.count, failures.first.length]).toEqual([250, 100]);
  });

  it('reaches no terminal as it is', () => {
    const failures = new FailureLog();
    const evil = file('evil.jsonl', `\u001b[31m${'x'.repeat(900)}\n`);
    expect([...readPredictions(evil, failures)]).toEqual([]);
    expect(failures.first[0]!.reason).not.toContain('\u001b');
    const header = file('header.csv', `\u001b[2J,${'y'.repeat(9000)}\n1,2\n`);
    const hint = (run: () => unknown): string => {
      try {
        run();
      } catch (error) {
        if (error instanceof GeorError) return error.hint ?? '';
      }
      return 'no error';
    };
    expect(hint(() => [...readTruth(header)])).toMatch(/^name columns[\P{Cc}]{50,250}…$/u);
  });

  it('of the truth is an error, with the number of rows', () => {
    const path = file('truth.csv', 'id,lat,lon\na,1,2\nb,,\nc,1,x\n');
    expect(() => truthTable(readTruth(path))).toThrow('2 truth rows');
  });
});

describe('columns', () => {
  it('reach into objects with dots, and attributes come whatever their case', () => {
    const path = file(
      'nested.jsonl',
      '{"index":7,"ground_truth":{"lat":1,"lon":2},"S3_Label":2,"a.b":"x"}\n' +
        '{"index":8,"ground_truth":{"lat":1,"lon":2}}\n',
    );
    const columns = { id: 'index', lat: 'ground_truth.lat', lon: 'ground_truth.lon' };
    const [first, second] = [...readTruth(path, { columns, attributes: ['s3_label', 'A.B'] })];
    expect(first).toEqual({
      ...{ id: '7', lat: 1, lon: 2, attributes: { S3_Label: '2', 'a.b': 'x' } },
    });
    expect(second!.attributes).toEqual({});
    const wrong = { ...columns, lat: 'truth.lat' };
    expect(() => [...readTruth(path, { columns: wrong })]).toThrow('no column truth.lat');
  });
});

describe('writeScoredRows', () => {
  it('writes one line per truth row', () => {
    const truth = truthTable(['a', 'b'].map((id) => ({ id, lat: 0, lon: 0 })));
    const rows = scorePredictions(truth, [{ id: 'a', lat: 0, lon: 0, confidence: 0.5 }]);
    writeScoredRows(join(folder, 'out', 'rows.jsonl'), rows);
    const lines = readFileSync(join(folder, 'out', 'rows.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { id: 'a', reading: 'given', distanceKm: 0, lat: 0, lon: 0, confidence: 0.5 },
      { id: 'b', reading: 'missing', distanceKm: null },
    ]);
  });
});

describe('answers of real models', () => {
  const { GEOR_SHARED } = process.env;
  const shared = GEOR_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
  const path = `${shared}/data/vlm-answers/geobenchwocn_gpt5.jsonl`;
  if (!existsSync(path)) process.stderr.write(`skipped: ${path} is not there (set GEOR_SHARED)\n`);

  // A strict JSON parser loses 185 of the 934 answers.
  it.skipIf(!existsSync(path))('score 63.17 % read strictly and 78.91 % tolerantly', () => {
    const columns = { id: 'index', lat: 'ground_truth.lat', lon: 'ground_truth.lon' };
    const failures = new FailureLog();
    const answers = { columns: { id: 'index', completion: 'solution_str' } };
    const rows = scorePredictions(
      truthTable(readTruth(path, { columns })),
      readPredictions(path, failures, answers),
      { distance: 'wgs84', contract: 'json' },
    );
    const { n, byReading, readings } = evaluateRows(rows, { comparison: '<' });
    expect([n, failures.count, readings.repaired]).toEqual([934, 0, 185]);
    expect(byReading!.strict.accuracy[1]!.percent).toBeCloseTo(63.17, 2);
    expect(byReading!.tolerant.accuracy[1]!.percent).toBeCloseTo(78.91, 2);
  });
});
