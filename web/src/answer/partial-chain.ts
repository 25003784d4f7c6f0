/**
 * A chain while it is being written: the levels that are already whole, the one in the making, and
 * whatever stands before them.
 * @module
 */

/** A level as far as it has been written. */
export interface PartialLevel {
  readonly level: 'country' | 'region' | 'city' | 'point';
  readonly text: string;
  /** Whether the line is finished. */
  readonly isWhole: boolean;
}

/** A text so far. */
export interface PartialChain {
  readonly levels: readonly PartialLevel[];
  /** What the model wrote that is no level: its reasons. */
  readonly reasons: string;
}

/** How contracts name their levels, in lower case (`State:` is Geo-R's region). */
const LABELS: Readonly<Record<string, PartialLevel['level']>> = {
  country: 'country',
  state: 'region',
  region: 'region',
  province: 'region',
  city: 'city',
  coordinates: 'point',
};

/** Reads a text that may end anywhere. */
export function partialChain(text: string): PartialChain {
  const lines = text.split('\n');
  const levels: PartialLevel[] = [];
  const reasons: string[] = [];
  lines.forEach((line, i) => {
    const [, label = '', value = ''] = /^[\s*"]*([A-Za-z]+)[\s*"]*:\s*(.*)$/.exec(line) ?? [];
    const level = LABELS[label.toLowerCase()];
    if (level && !levels.some((known) => known.level === level))
      levels.push({ level, text: value.trim(), isWhole: i < lines.length - 1 });
    else if (line.trim()) reasons.push(line.trim());
  });
  return { levels, reasons: reasons.join(' ') };
}
