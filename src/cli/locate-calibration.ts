/**
 * Which calibration a run of `geor locate` goes by.
 * @module
 */
import {
  type Calibration,
  type CalibrationScope,
  checkScope,
  isForScope,
  scopeOf,
} from '../locate/index.ts';
import { readCalibration } from '../locate/node/index.ts';
import { calibrationBeside } from './backend-connection.ts';
import { backendAddress } from './locate-backend.ts';
import type { LocateFlags } from './locate-flags.ts';

/**
 * The calibration that the flags name; else the `calibration.json` in the model's own folder, if it
 * is for this model and this way of asking.
 *
 * @throws GeorError `config` when a named file cannot be read or is for something else
 */
export function calibrationOf(
  flags: LocateFlags,
  asked: CalibrationScope,
): Calibration | undefined {
  const wanted = scopeOf(asked);
  if (flags.calibration !== undefined) {
    const calibration = readCalibration(flags.calibration);
    checkScope(calibration, wanted);
    return calibration;
  }
  const beside = calibrationBeside(backendAddress(flags));
  return beside && isForScope(beside, wanted) ? beside : undefined;
}
