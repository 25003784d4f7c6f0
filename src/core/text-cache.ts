/**
 * A cache of texts by content address: what was computed once for the same input is not computed
 * again. Keys are hashes of everything the value depends on, so an entry is never stale.
 * @module
 */

/** Stores texts under keys of 64 lower-case hex digits (see {@link contentKey}). */
export interface TextCache {
  /** The text of a key; `undefined` where there is none. */
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string): Promise<void>;
}

/**
 * A cache that lives as long as the process.
 *
 * @param limit - entries at most; the oldest is forgotten first. Default: without end
 */
export function memoryCache(limit: number = Number.POSITIVE_INFINITY): TextCache {
  const entries = new Map<string, string>();
  return {
    get: async (key) => entries.get(key),
    set: async (key, text) => {
      entries.set(key, text);
      const [oldest] = entries.keys();
      if (entries.size > limit && oldest !== undefined) entries.delete(oldest);
    },
  };
}

/** SHA-256 of the parts as JSON, lower-case hex: the content address of what depends on them. */
export async function contentKey(...parts: readonly unknown[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
