/**
 * Runs the tests of `interop/tests` in a Python environment of their own.
 *
 *     npm run test:interop                    all of them
 *     npm run test:interop -- -k tokenizer    what pytest's arguments say
 *     INTEROP_PYTHON=… npm run test:interop   with an interpreter that has the pins already
 *
 * The environment is `interop/.venv`; to build it takes some minutes and 2 GB.
 */
import { spawnSync } from 'node:child_process';
import { environment, here } from './python.mjs';

const python =
  process.env.INTEROP_PYTHON ??
  `${environment('.venv', ['requirements.txt'], ['requirements-alone.txt'])}/bin/python`;
const path = [here('stand-ins'), process.env.PYTHONPATH].filter(Boolean).join(':');
const { status, signal } = spawnSync(
  python,
  ['-m', 'pytest', '-c', here('pytest.ini'), here('tests'), ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, PYTHONPATH: path } },
);
process.exitCode = signal ? 130 : (status ?? 1);
