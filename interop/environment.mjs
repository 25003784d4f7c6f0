/**
 * Runs the tests of `interop/tests` in a Python environment of their own.
 *
 *     npm run test:interop                    all of them
 *     npm run test:interop -- -k tokenizer    what pytest's arguments say
 *     INTEROP_PYTHON=… npm run test:interop   with an interpreter that has the pins already
 *
 * The environment is `interop/.venv`. It is built when it is not there, and again when
 * `requirements.txt`, the interpreter or this file has changed; that takes some minutes and 2 GB.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const environment = here('.venv');
const builtFrom = `${environment}/built-from`;
const python = `${environment}/bin/python`;

/** Ends with one line what, one line what to do. */
function stop(what, hint) {
  process.stderr.write(`error: ${what}\nhint: ${hint}\n`);
  process.exit(2);
}

/** Runs a program, its output passed on; ends this one when it fails. */
function run(command, args, why) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (error || status !== 0) stop(`${why} failed`, `the output above says why: ${command} ${args.join(' ')}`);
}

/** An interpreter of the version that the pins are for, with what it takes to make an environment. */
function findPython() {
  const probe = 'import sys, venv, ensurepip; assert sys.version_info[:2] == (3, 11); print(sys.version)';
  for (const command of ['python3.11', 'python3', 'python']) {
    const { status, stdout } = spawnSync(command, ['-c', probe], { encoding: 'utf8' });
    if (status === 0) return { command, version: stdout.trim() };
  }
  return stop(
    'no Python 3.11 with venv and pip was found',
    'install it (Debian: apt install python3.11 python3.11-venv); nothing else of geor needs Python',
  );
}

/** Builds the environment unless it is there as wanted. */
function build() {
  const { command, version } = findPython();
  const wanted = createHash('sha256')
    .update(version)
    .update(readFileSync(here('requirements.txt')))
    .update(readFileSync(here('requirements-alone.txt')))
    .update(readFileSync(here('environment.mjs')))
    .digest('hex');
  if (existsSync(builtFrom) && readFileSync(builtFrom, 'utf8') === wanted) return;
  process.stderr.write('building interop/.venv from interop/requirements.txt\n');
  rmSync(environment, { recursive: true, force: true });
  run(command, ['-m', 'venv', environment], 'making a Python environment');
  const quiet = ['-qq', '--disable-pip-version-check', '--no-input'];
  const install = ['-m', 'pip', 'install', ...quiet];
  run(python, [...install, '-r', here('requirements.txt')], 'pip install');
  run(python, [...install, '--no-deps', '-r', here('requirements-alone.txt')], 'pip install');
  const library = readdirSync(`${environment}/lib`).find((name) => name.startsWith('python'));
  const standIns = `${environment}/lib/${library}/site-packages/stand-ins.pth`;
  writeFileSync(standIns, `${here('stand-ins')}\n`);
  writeFileSync(builtFrom, wanted);
}

const ready = process.env.INTEROP_PYTHON;
if (!ready) build();
const path = [here('stand-ins'), process.env.PYTHONPATH].filter(Boolean).join(':');
const { status, signal } = spawnSync(
  ready ?? python,
  ['-m', 'pytest', '-c', here('pytest.ini'), here('tests'), ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, PYTHONPATH: path } },
);
process.exitCode = signal ? 130 : (status ?? 1);
