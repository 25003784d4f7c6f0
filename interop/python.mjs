/**
 * Python environments beside geor, each built from pins when it is not there, and again when the pins, the
 * interpreter or this file have changed.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A path in this folder. */
export const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Ends with one line what, one line what to do. */
export function stop(what, hint) {
  process.stderr.write(`error: ${what}\nhint: ${hint}\n`);
  process.exit(2);
}

/** Runs a program, its output passed on; ends this one when it fails. */
export function run(command, args, why) {
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

/**
 * The folder of an environment that is ready.
 *
 * @param name - of the folder
 * @param requirements - files of pins
 * @param alone - files of pins that are installed without what they ask for; `stand-ins/` is in its place
 */
export function environment(name, requirements, alone = []) {
  const folder = here(name);
  const builtFrom = `${folder}/built-from`;
  const python = `${folder}/bin/python`;
  const { command, version } = findPython();
  const hash = createHash('sha256').update(version);
  for (const file of [...requirements, ...alone, 'python.mjs']) hash.update(readFileSync(here(file)));
  const wanted = hash.digest('hex');
  if (existsSync(builtFrom) && readFileSync(builtFrom, 'utf8') === wanted) return folder;
  process.stderr.write(`building interop/${name} from interop/${requirements.join(' and ')}\n`);
  rmSync(folder, { recursive: true, force: true });
  run(command, ['-m', 'venv', folder], 'making a Python environment');
  const install = ['-m', 'pip', 'install', '-qq', '--disable-pip-version-check', '--no-input'];
  for (const file of requirements) run(python, [...install, '-r', here(file)], 'pip install');
  for (const file of alone) run(python, [...install, '--no-deps', '-r', here(file)], 'pip install');
  if (alone.length > 0) {
    const library = readdirSync(`${folder}/lib`).find((name) => name.startsWith('python'));
    writeFileSync(`${folder}/lib/${library}/site-packages/stand-ins.pth`, `${here('stand-ins')}\n`);
  }
  writeFileSync(builtFrom, wanted);
  return folder;
}
