/**
 * A line of an engine's own record of figures.
 *
 * - TRL, by our callback: `{"step", "max_steps", "wall", ...figures}`
 * - verl, by its file logger (`verl/utils/tracking.py`): `{"step", "data": {...figures}}`
 * - ms-swift (`swift/trainers/patcher.py`): figures and `"global_step/max_steps": "3/100"`; some
 *   versions write the figures as strings.
 * @module
 */
import { z } from 'zod';
import { type MetricsFormat, withOurNames } from './metric-names.ts';

/** The figures of one step. */
export interface MetricsLine {
  /** Steps of the optimiser done, from 1. */
  readonly step: number;
  /** Steps the run will have, where the line says so. */
  readonly totalSteps?: number;
  /** By our names. */
  readonly values: Readonly<Record<string, number>>;
}

const step = z.int().nonnegative();
const trl = z.looseObject({ step, max_steps: z.int().positive().optional() });
const verl = z.object({ step, data: z.record(z.string(), z.unknown()) });
const swift = z.looseObject({ 'global_step/max_steps': z.string().regex(/^\d+\/\d+$/) });

/** Finite numbers of a record; numbers written as strings count, everything else is left out. */
function numbers(record: Readonly<Record<string, unknown>>): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [name, value] of Object.entries(record)) {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) found[name] = number;
  }
  return found;
}

/** Reads a line; `undefined` for text that is not one (a torn line, a remark). */
export function parseMetricsLine(format: MetricsFormat, text: string): MetricsLine | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (format === 'verl') {
    const line = verl.safeParse(json);
    if (!line.success) return undefined;
    return { step: line.data.step, values: withOurNames(format, numbers(line.data.data)) };
  }
  if (format === 'swift') {
    const line = swift.safeParse(json);
    if (!line.success) return undefined;
    const [done = 0, total = 0] = line.data['global_step/max_steps'].split('/').map(Number);
    return { step: done, totalSteps: total, values: withOurNames(format, numbers(line.data)) };
  }
  const line = trl.safeParse(json);
  if (!line.success) return undefined;
  const { step: done, max_steps: totalSteps, wall: _, ...rest } = line.data;
  return {
    step: done,
    ...(totalSteps !== undefined && { totalSteps }),
    values: withOurNames(format, numbers(rest)),
  };
}
