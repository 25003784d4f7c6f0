/**
 * Ids in messages.
 * @module
 */
import { cut } from './text/columns.ts';

/** The first three ids, and how many more there are. */
export function shownIds(ids: Iterable<string>): string {
  const all = [...ids].map((id) => cut(id, 60));
  return `${all.slice(0, 3).join(', ')}${all.length > 3 ? ` and ${all.length - 3} more` : ''}`;
}
