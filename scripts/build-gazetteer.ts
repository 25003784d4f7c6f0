/**
 * Builds `assets/gazetteer.bin.br` from the packages in `scripts/sources`.
 *
 *     npm ci --prefix scripts/sources
 *     npx tsc -p scripts/gazetteer && node dist/build-gazetteer/scripts/build-gazetteer.js
 *
 * The same sources give the same bytes: they are checked by SHA-256, and nothing depends on the
 * clock or the locale. Country names come from the Unicode data in Node, so another major version of
 * CLDR than {@link CLDR} may change some; the script then says so. Takes about half a minute, most
 * of it compression.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { sha256, writeFileAtomic } from '../src/core/node/index.ts';
import { packSections } from '../src/geo/container.ts';
import { buildSections } from './gazetteer/sections.ts';
import { readSources } from './gazetteer/sources.ts';

const CLDR = '48';
const OUTPUT = 'assets/gazetteer.bin.br';

const { cldr = 'unknown' } = process.versions;
if (!cldr.startsWith(`${CLDR}.`))
  console.log(`note: Unicode CLDR ${cldr} here; the committed file was built with ${CLDR}`);

const sections = buildSections(readSources('scripts/sources/node_modules'));
for (const [name, { length }] of sections)
  console.log(`${name.padEnd(18)} ${String(length).padStart(9)} bytes`);

const file = packSections(sections);
const before = existsSync(OUTPUT) ? sha256(brotliDecompressSync(readFileSync(OUTPUT))) : 'none';
const after = sha256(file);
console.log(`content SHA-256 ${after}${after === before ? ', same as before' : `, was ${before}`}`);

const packed = brotliCompressSync(file, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: file.length,
  },
});
writeFileAtomic(OUTPUT, packed);
console.log(`${OUTPUT}: ${file.length} bytes, ${packed.length} compressed`);
