/**
 * Hydra's overrides: `name=value` words that change a configuration.
 *
 * Source: Hydra 1.3, "Override grammar": a value with other characters than a plain word's is quoted,
 * with `\'` for a quote inside; a name that the configuration lacks is added with `+`. As little is
 * quoted as can be: `ray job submit` hands its words to a shell that takes the quotes off.
 * @module
 */
import { GeorError } from '../../core/index.ts';

/** A value of an override. */
export type OverrideValue = string | number | boolean | null | readonly OverrideValue[];

/** Overrides by name, in the order they are given. */
export type Overrides = Readonly<Record<string, OverrideValue>>;

const PLAIN = /^(?![\d.+-]+$)[A-Za-z_./][\w./:@*?+%-]*$/;
/** Words that would be read as something else than text. */
const NOT_TEXT = /^(true|false|null|none|inf|nan|yes|no|on|off)$/i;

function valueText(value: OverrideValue): string {
  if (value === null) return 'null';
  if (typeof value === 'object') return `[${value.map(valueText).join(',')}]`;
  if (typeof value !== 'string') return String(value);
  if (PLAIN.test(value) && !NOT_TEXT.test(value)) return value;
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** The words of the command line. */
export function overrideWords(overrides: Overrides): string[] {
  return Object.entries(overrides).map(([name, value]) => `${name}=${valueText(value)}`);
}

/**
 * A setting of the command line as an override's value.
 *
 * @throws GeorError `usage` for a mapping, which is set by its parts
 */
export function overrideValue(name: string, value: unknown): OverrideValue {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value))
    return value as OverrideValue;
  if (Array.isArray(value)) return value.map((item: unknown) => overrideValue(name, item));
  throw new GeorError('usage', `${name} cannot be set to a mapping`, {
    hint: `set its parts, e.g. --set ${name}.part=value`,
  });
}
