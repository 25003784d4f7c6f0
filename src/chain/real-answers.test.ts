/**
 * Answers that real models gave, with their truth. The data is not part of the project; the counts
 * pinned here were checked by reading the answers.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Coordinate, wgs84Km } from '../geo/index.ts';
import { type Answer, parseAnswer } from './index.ts';

const { GEOR_SHARED } = process.env;
const folder = `${GEOR_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url))}/data/vlm-answers`;

interface Row {
  readonly text: string;
  readonly truth: Coordinate;
  readonly answer: Answer;
}

function rowsOf(file: string, contract: 'json' | 'geo-r'): Row[] {
  return readFileSync(`${folder}/${file}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { solution_str: string; ground_truth: Coordinate })
    .map(({ solution_str: text, ground_truth: truth }) => ({
      text,
      truth,
      answer: parseAnswer(text, contract),
    }));
}

const near = (rows: readonly Row[]): number =>
  rows.filter(({ answer, truth }) => answer.coordinate && wgs84Km(answer.coordinate, truth) < 25)
    .length;

const files = [
  // A reader that takes the last {...} and nothing but JSON loses 185 of 934 and finds 590 (63.17 %).
  {
    file: 'geobenchwocn_gpt5',
    rows: 934,
    strict: 749,
    strictNear: 590,
    near: 737,
    repairs: { 'json-comma': 181, 'json-quotes': 5 },
  },
  {
    file: 'imageo3_gpt5',
    rows: 254,
    strict: 249,
    strictNear: 185,
    near: 187,
    repairs: { 'json-comma': 2, 'json-quotes': 3 },
  },
  {
    file: 'imageo3_qwen3vl235b',
    rows: 255,
    strict: 255,
    strictNear: 142,
    near: 142,
    repairs: {},
  },
] as const;

describe.each(files)('answers of $file', (expected) => {
  const path = `${folder}/${expected.file}.jsonl`;
  const isThere = existsSync(path);
  if (!isThere) process.stderr.write(`skipped: ${path} is not there (set GEOR_SHARED)\n`);

  it.skipIf(!isThere)('as JSON: strict readings, repairs by kind, hits within 25 km', () => {
    const rows = rowsOf(expected.file, 'json');
    const strict = rows.filter(({ answer }) => answer.reading === 'strict');
    const repairs: Record<string, number> = {};
    for (const { answer } of rows)
      for (const repair of answer.repairs) repairs[repair] = (repairs[repair] ?? 0) + 1;
    expect({
      rows: rows.length,
      strict: strict.length,
      strictNear: near(strict),
      near: near(rows),
      repairs,
    }).toEqual({ ...expected, file: undefined });
    expect(rows.filter(({ answer }) => answer.reading === 'unreadable')).toEqual([]);
  });

  it.skipIf(!isThere)('as JSON: a strict reading is what JSON.parse reads', () => {
    for (const { text, answer } of rowsOf(expected.file, 'json')) {
      const object = text.slice(text.lastIndexOf('{'), text.lastIndexOf('}') + 1);
      let parsed: { lat: number; lon: number; city: string; country: string } | undefined;
      try {
        parsed = JSON.parse(object);
      } catch {
        // Counted above.
      }
      expect(parsed === undefined).toBe(answer.reading !== 'strict');
      if (!parsed) continue;
      const { lat, lon, city, country } = parsed;
      expect(answer).toMatchObject({ coordinate: { lat, lon }, city, country });
    }
  });

  it.skipIf(!isThere)('as JSON: a repaired reading holds the numbers and names as written', () => {
    for (const { text, answer } of rowsOf(expected.file, 'json')) {
      const written = (key: string, value: string) =>
        new RegExp(`"${key}": *"?(${value})`).exec(text.slice(text.lastIndexOf('{')))?.[1];
      expect(answer.coordinate?.lat).toBe(Number(written('lat', '-?[\\d.]+')));
      expect(answer.coordinate?.lon).toBe(Number(written('lon', '-?[\\d.]+')));
      for (const key of ['city', 'country'] as const)
        expect(answer[key]).toBe(written(key, '[^"\\n]*?(?=[",\\n]*\\n)'));
    }
  });

  it.skipIf(!isThere)('as Geo-R answers: the same coordinates, by their labels', () => {
    const rows = rowsOf(expected.file, 'geo-r');
    expect(near(rows)).toBe(expected.near);
    for (const { answer } of rows) expect(answer.reading).toBe('repaired');
  });
});
