/**
 * Where Chromium is: in `GEOR_CHROMIUM`, or in one of the usual places.
 * @module
 */
import { existsSync } from 'node:fs';

/** Path of the browser; absent where there is none. */
export const chromium: string | undefined = [
  process.env['GEOR_CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== '' && existsSync(path));

/** For the name of a test that is skipped without it. */
export const NO_CHROMIUM: string = chromium ? '' : ' (skipped: no Chromium; set GEOR_CHROMIUM)';
