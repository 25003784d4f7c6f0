/**
 * What `geor doctor` looks at: each check uses a part of geor the way its commands do.
 * @module
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { GeorError } from '../core/index.ts';
import { readAsset, sha256 } from '../core/node/index.ts';
import {
  countryStatistics,
  defaultGazetteer,
  encodeJpeg,
  guardPhoto,
  loadEarth,
} from '../data/index.ts';
import { reverseGeocode } from '../geo/index.ts';
import { Graph, ops, Session } from '../tensor/index.ts';

/** One thing to look at. */
export interface Check {
  readonly name: string;
  /** Whether `geor quickstart`, the main job, cannot run without it. */
  readonly isNeeded: boolean;
  /** What to do when it fails and the error does not say. */
  readonly hint: string;
  /** Looks, and says in a line what is there; throws when it does not work. */
  readonly look: () => string | Promise<string>;
}

/** The outcome of a check. */
export interface Finding {
  readonly name: string;
  readonly status: 'ok' | 'missing';
  readonly isNeeded: boolean;
  /** What is there, or why it does not work. */
  readonly detail: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly ms: number;
}

/** Runs checks one after the other; a check that throws is a finding, not an error. */
export async function examine(checks: readonly Check[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, isNeeded, hint, look } of checks) {
    const start = performance.now();
    const finish = () => Math.round(performance.now() - start);
    try {
      const detail = await look();
      findings.push({ name, status: 'ok', isNeeded, detail, ms: finish() });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      const advice = (error instanceof GeorError ? error.hint : undefined) ?? hint;
      findings.push({ name, status: 'missing', isNeeded, detail, hint: advice, ms: finish() });
    }
  }
  return findings;
}

const require = createRequire(import.meta.url);
const REINSTALL = 'reinstall geor';
const GIB = 2 ** 30;

/** Files of `assets/` that the main job reads. */
const ASSETS = ['earth-blue-marble.jpg', 'gazetteer.bin.br'];

/** Disk space that a quick start and its report fit into, with room to spare. */
const NEEDED_BYTES = GIB / 2;

const rounded = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: 1 });

const manifest = z.object({ name: z.string().optional(), version: z.string().optional() });

/** The version of an installed package: of the `package.json` above its entry that has its name. */
function versionOf(name: string): string {
  for (let folder = dirname(require.resolve(name)); folder !== dirname(folder); ) {
    const path = join(folder, 'package.json');
    const found = existsSync(path) && manifest.parse(JSON.parse(readFileSync(path, 'utf8')));
    if (found && found.name === name) return found.version ?? 'of no version';
    folder = dirname(folder);
  }
  return 'of no version';
}

/** The oldest Node.js that geor runs on, as in `package.json`. */
const OLDEST_NODE = [20, 19] as const;

function node(): string {
  const { node: version } = process.versions;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldest, oldestMinor] = OLDEST_NODE;
  if (major < oldest || (major === oldest && minor < oldestMinor))
    throw new Error(`${version} is older than ${OLDEST_NODE.join('.')}`);
  return version;
}

function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = `${rounded(totalmem() / GIB)} GiB of memory`;
  return `${platform()} ${release()} ${arch()}, ${availableParallelism()} x ${model}, ${memory}`;
}

function assets(): string {
  const folder = fileURLToPath(new URL('../../assets/', import.meta.url));
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const names = new Set([...ASSETS, ...files.map(({ name }) => name).sort()]);
  return [...names].map((name) => `${name} ${sha256(readAsset(name)).slice(0, 12)}`).join(', ');
}

function gazetteer(): string {
  const loaded = defaultGazetteer();
  const city = reverseGeocode(loaded, 60.1699, 24.9384)?.city;
  if (city !== 'Helsinki') throw new Error(`it takes Helsinki for ${city ?? 'no city'}`);
  const counts = [loaded.countries.length, loaded.regions.length, loaded.cities.count].map(rounded);
  return `${counts[0]} countries, ${counts[1]} regions, ${counts[2]} places`;
}

async function earth(): Promise<string> {
  const { width, height } = loadEarth().base;
  return `${width} x ${height} pixels`;
}

async function runtime(): Promise<string> {
  const graph = new Graph();
  graph.output(ops.mul(graph.input('x', ['n']), 2), 'y');
  const session = await Session.create(graph, { threads: 1 });
  const { y } = await session.run({ x: { data: Float32Array.of(1, 21), shape: [2] } });
  await session.release();
  if (y?.data[1] !== 42) throw new GeorError('engine', `it takes 2 x 21 for ${y?.data[1]}`);
  return versionOf('onnxruntime-node');
}

async function photos(): Promise<string> {
  const pixels = { width: 16, height: 16, data: new Uint8Array(16 * 16 * 3).fill(128) };
  const { width, height } = await guardPhoto(encodeJpeg(pixels), { maxPixels: 256 });
  if (width !== 16 || height !== 16) throw new Error(`a photo came back ${width} x ${height}`);
  return `sharp ${versionOf('sharp')}`;
}

async function disk(folder: string): Promise<string> {
  const { bavail, bsize } = await statfs(folder);
  const free = `${rounded((bavail * bsize) / GIB)} GiB free in ${folder}`;
  if (bavail * bsize < NEEDED_BYTES) throw new Error(free);
  return free;
}

/**
 * All checks.
 *
 * @param folder - where files would be written
 */
export function allChecks(folder: string): Check[] {
  const needed = (name: string, hint: string, look: Check['look']): Check => ({
    ...{ name, hint, look },
    isNeeded: true,
  });
  return [
    needed('Node.js', 'install a newer Node.js', node),
    needed('machine', REINSTALL, machine),
    needed('assets', REINSTALL, assets),
    needed('gazetteer', REINSTALL, gazetteer),
    needed('Earth', REINSTALL, earth),
    needed('ONNX Runtime', 'npm install onnxruntime-node', runtime),
    {
      name: 'photos',
      isNeeded: false,
      hint: 'npm install sharp; only photographs need it',
      look: photos,
    },
    {
      name: 'country quotas',
      isNeeded: false,
      hint: REINSTALL,
      look: () => `statistics of ${countryStatistics().size} countries`,
    },
    needed('disk', `free ${rounded(NEEDED_BYTES / GIB)} GiB, or work in another folder`, () =>
      disk(folder),
    ),
    { name: 'Python', isNeeded: false, hint: '', look: () => 'not needed' },
  ];
}
