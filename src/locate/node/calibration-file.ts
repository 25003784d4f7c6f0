/**
 * `calibration.json`.
 * @module
 */
import { readFileSync } from 'node:fs';
import { GeorError } from '../../core/index.ts';
import { type Calibration, calibrationSchema } from '../calibration/calibration.ts';

/**
 * Reads a calibration.
 *
 * @throws GeorError `config` when the file cannot be read or is something else
 */
export function readCalibration(path: string): Calibration {
  try {
    return calibrationSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new GeorError('config', `${path} is no calibration`, {
      hint: 'make one with geor calibrate',
      cause,
    });
  }
}
