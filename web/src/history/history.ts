/**
 * What was asked before: in this browser only, until it is cleared.
 * @module
 */
import type { Point } from '../shared/events.ts';

/** One answer that was kept. Pictures are kept as small ones; files and their names never are. */
export interface HistoryEntry {
  readonly id: string;
  /** When, ISO 8601. */
  readonly at: string;
  readonly kind: 'photo' | 'tile';
  readonly headline: string;
  readonly country?: string;
  readonly region?: string;
  readonly city?: string;
  readonly point?: Point;
  readonly radiusKm?: { readonly half: number; readonly most: number };
  /** Where a tile was cut. */
  readonly cut?: Point;
  readonly distanceKm?: number;
  readonly samples: number;
  readonly model: string;
  /** A JPEG as a data address. */
  readonly thumbnail: string;
}

const KEY = 'geor.history';
const MOST = 60;

/** Where entries are kept; `localStorage` in the page. */
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** All entries, newest first. What cannot be read is as good as nothing. */
export function readHistory(store: Store = localStorage): readonly HistoryEntry[] {
  try {
    const found: unknown = JSON.parse(store.getItem(KEY) ?? '[]');
    return Array.isArray(found) ? found.filter(isEntry) : [];
  } catch {
    return [];
  }
}

const isEntry = (value: unknown): value is HistoryEntry => {
  const { id, at, headline, model, thumbnail, samples } = (value ?? {}) as Record<string, unknown>;
  return (
    [id, at, headline, model].every((text) => typeof text === 'string') &&
    typeof samples === 'number' &&
    typeof thumbnail === 'string' &&
    thumbnail.startsWith('data:image/')
  );
};

/** Keeps an entry; the oldest go when there are many, or when the browser says it is full. */
export function keep(entry: HistoryEntry, store: Store = localStorage): void {
  const entries = [entry, ...readHistory(store)].slice(0, MOST);
  while (entries.length > 0) {
    try {
      store.setItem(KEY, JSON.stringify(entries));
      return;
    } catch {
      entries.pop();
    }
  }
}

/** Forgets everything. */
export function clearHistory(store: Store = localStorage): void {
  store.removeItem(KEY);
}
