/**
 * Settings over settings.
 * @module
 */

/** An object of settings. */
export type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `base` with the fields of `change` over it; objects are merged, all else is replaced. */
export function mergeFields(base: Fields, change: Fields): Record<string, unknown> {
  const out: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(change)) {
    const old = out[name];
    out[name] = isFields(old) && isFields(value) ? mergeFields(old, value) : value;
  }
  return out;
}
