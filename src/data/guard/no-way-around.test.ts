import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));

const holding = (pattern: RegExp): string[] =>
  sources
    .filter(({ text }) => pattern.test(text))
    .map(({ name }) => name.replaceAll('\\', '/'))
    .sort();

describe('the source tree', () => {
  it('never asks the encoder to keep metadata', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(holding(/\b(keep|with)(Metadata|Exif|Xmp|IccProfile|GainMap)\b/)).toEqual([]);
  });

  it('loads sharp and the EXIF parser in one place each', () => {
    expect(holding(/import\('sharp'\)|from 'sharp'/)).toEqual(['data/guard/load-sharp.ts']);
    expect(holding(/'exifr'/)).toEqual(['data/guard/exif.ts']);
  });

  it('reads coordinates of photographs as the truth of a folder only', () => {
    expect(holding(/\bphotoTruth\b/)).toEqual([
      'data/guard/photo-truth.ts',
      'data/sources/photo-folder.ts',
    ]);
  });
});
