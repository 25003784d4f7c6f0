/**
 * A calibration: how far off a model is on held-out pictures, given how far its samples lie apart.
 *
 * It holds for one model, one way of asking and one way of choosing the point, and says so; it is
 * refused for any other.
 * @module
 */
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';

/** What radii depend on. */
export interface CalibrationScope {
  /** The backend's identity: a model at a server, or a hash of weights. */
  readonly model: string;
  readonly contract: string;
  readonly condition: string;
  readonly samples: number;
  readonly temperature: number;
  /** The point method, with its distance where it has one. */
  readonly method: string;
  /** Whether answers were kept in shape, see `Backend`. */
  readonly structured: 'auto' | 'off';
}

const scope = z.strictObject({
  model: z.string(),
  contract: z.string(),
  condition: z.string(),
  samples: z.int().min(2),
  temperature: z.number(),
  method: z.string(),
  structured: z.enum(['auto', 'off']),
});

/** The file `calibration.json`. */
export const calibrationSchema = z.strictObject({
  version: z.literal(1),
  scope,
  /** Held-out pictures it was made from. */
  n: z.int().positive(),
  /** ISO 8601, the day it was made. */
  date: z.string(),
  /** Error over spread that half and nine tenths of the held-out pictures stay within. */
  radii: z.strictObject({ half: z.number().positive(), most: z.number().positive() }),
  /** Of how many other pictures the truth lay within the radii; absent where none were left. */
  check: z
    .strictObject({ n: z.int(), half: z.int().nonnegative(), most: z.int().nonnegative() })
    .optional(),
});

/** A calibration. */
export type Calibration = Readonly<z.infer<typeof calibrationSchema>>;

/** What a calibration must be for, from the record of how pictures are asked about. */
export const scopeOf = (asked: CalibrationScope): CalibrationScope => ({
  model: asked.model,
  contract: asked.contract,
  condition: asked.condition,
  samples: asked.samples,
  temperature: asked.temperature,
  method: asked.method,
  structured: asked.structured,
});

/** Whether a calibration was made for this model and this way of asking. */
export const isForScope = ({ scope: made }: Calibration, wanted: CalibrationScope): boolean =>
  Object.entries(wanted).every(([name, value]) => made[name as keyof CalibrationScope] === value);

/**
 * Refuses a calibration for another model or another way of asking.
 *
 * @throws GeorError `config` naming what differs
 */
export function checkScope(calibration: Calibration, wanted: CalibrationScope): void {
  for (const [name, value] of Object.entries(wanted)) {
    const made = calibration.scope[name as keyof CalibrationScope];
    if (made === value) continue;
    throw new GeorError('config', `the calibration is for ${name} ${made}, not ${value}`, {
      hint: 'calibrate this model with these settings: geor calibrate --help',
    });
  }
}
