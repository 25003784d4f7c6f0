/**
 * Data cards: what is in a file of rows and how it came about, as JSON beside it.
 *
 * A card holds no time and nothing of the machine, so the same command writes the same card.
 * @module
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { writeFileAtomic } from '../core/node/index.ts';
import type { Place } from '../geo/index.ts';

/** Rows by where they are, most rows first. */
export interface PlaceCounts {
  readonly rows: number;
  /** Rows on the open sea or nobody's land. */
  readonly withoutCountry: number;
  readonly continents: Readonly<Record<string, number>>;
  /** By ISO 3166-1 alpha-2 code. */
  readonly countries: Readonly<Record<string, number>>;
}

/** Counts rows per country and continent. */
export class PlaceTally {
  #rows = 0;
  readonly #continents = new Map<string, number>();
  readonly #countries = new Map<string, number>();

  /** Counts one row, or several alike; `null` is a row without a country. */
  add(place: Pick<Place, 'continent' | 'countryCode'> | null, rows: number = 1): void {
    this.#rows += rows;
    if (!place) return;
    count(this.#continents, place.continent, rows);
    count(this.#countries, place.countryCode, rows);
  }

  /** The counts so far. */
  counts(): PlaceCounts {
    const placed = [...this.#continents.values()].reduce((total, rows) => total + rows, 0);
    return {
      rows: this.#rows,
      withoutCountry: this.#rows - placed,
      continents: mostFirst(this.#continents),
      countries: mostFirst(this.#countries),
    };
  }
}

function count(counts: Map<string, number>, key: string, rows: number): void {
  counts.set(key, (counts.get(key) ?? 0) + rows);
}

function mostFirst(counts: ReadonlyMap<string, number>): Record<string, number> {
  const entries = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

/** A file that a card speaks of. */
export interface CardFile {
  /** As the user named it. */
  readonly path: string;
  readonly sha256: string;
}

/** Path and checksum of a file, read as a stream. */
export async function cardFile(path: string): Promise<CardFile> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { path, sha256: hash.digest('hex') };
}

/** Where the card of a file of rows is. */
export function cardPath(path: string): string {
  return `${path}.card.json`;
}

/** Writes the card of the rows in `path`: any JSON, the same bytes for the same content. */
export function writeCard(path: string, card: object): void {
  writeFileAtomic(cardPath(path), `${JSON.stringify(card, null, 2)}\n`);
}
