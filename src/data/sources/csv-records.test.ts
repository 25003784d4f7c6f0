import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRecord, CsvRecords } from './csv-records.ts';

function recordsOf(text: string, delimiter = ','): CsvRecord[] {
  const out: CsvRecord[] = [];
  const records = new CsvRecords(delimiter);
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines) records.push(line, out);
  records.end(out);
  return out;
}

// Few characters, so that quotes, delimiters and line ends meet often.
const field = fc.string({
  unit: fc.constantFrom('a', 'é', '東', ' ', '"', ',', '\n', '\r\n', ';'),
  maxLength: 6,
});
const mustQuote = (text: string): boolean => /[",\r\n]/.test(text);

/** Valid CSV: fields quoted where they must be, and sometimes where they need not. */
const validCsv = fc
  .tuple(
    fc.array(fc.array(fc.tuple(field, fc.boolean()), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 6,
    }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([rows, end, endsWithEnd]) => {
    const lines = rows.map((fields) =>
      fields
        .map(([text, quoted]) =>
          quoted || mustQuote(text) ? `"${text.replaceAll('"', '""')}"` : text,
        )
        .join(','),
    );
    return lines.join(end) + (endsWithEnd ? end : '');
  });

describe('CsvRecords', () => {
  it('reads valid CSV as csv-parse does', () => {
    fc.assert(
      fc.property(validCsv, (text) => {
        const expected: string[][] = parse(text, {
          record_delimiter: ['\r\n', '\n'],
          relax_column_count: true,
          skip_empty_lines: true,
        });
        expect(recordsOf(text).map(({ fields }) => fields)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives each record as it stood, on its line', () => {
    fc.assert(
      fc.property(validCsv, (text) => {
        const lines = text.split('\n');
        for (const { raw, line } of recordsOf(text)) {
          const length = raw.split('\n').length;
          expect(lines.slice(line - 1, line - 1 + length).join('\n')).toMatch(
            new RegExp(`^${raw.replace(/[^a-z]/g, '\\$&')}\\r?$`),
          );
        }
      }),
    );
  });

  it('gives every line of any text once: in a record, as an error, or empty', () => {
    const anything = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r\n'),
      maxLength: 40,
    });
    fc.assert(
      fc.property(anything, (text) => {
        const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
        const covered = new Set<number>();
        for (const { line, raw, fields, error } of recordsOf(text)) {
          expect((fields === undefined) !== (error === undefined)).toBe(true);
          const last = line + raw.split('\n').length - 1;
          for (let at = line; at <= last; at++) {
            expect(covered.has(at)).toBe(false);
            covered.add(at);
          }
        }
        lines.forEach((line, i) => {
          if (!covered.has(i + 1)) expect(line).toBe('');
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('costs a broken record its first line only', () => {
    expect(recordsOf('a,"b\nc,d"x\n"e",f\ng').map(({ raw, error }) => error ?? raw)).toEqual([
      'text after a closing quote',
      'a quote inside a bare field',
      '"e",f',
      'g',
    ]);
  });

  it('stays linear when every line opens a quote', () => {
    expect(recordsOf('a,"b\n'.repeat(30_001))).toHaveLength(30_001);
  });
});
