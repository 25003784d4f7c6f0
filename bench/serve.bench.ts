/**
 * The reward service under load: requests of 1, 8 and 1,024 samples, against the same service written
 * with FastAPI (`bench/peers/fastapi_rewards.py`), one process each.
 *
 *     GEOR_PYTHON=venv/bin/python npx vitest bench bench/serve.bench.ts --run
 *
 * Both get the same requests from the same client, in turns, and must give the same rewards. Ours also
 * does what it always does: metrics, and a log in which repeats count once. Printed are the medians over
 * the rounds: samples a second, how long a request takes (median and 99th percentile), and samples per
 * second of the service's processor time, which a busy machine changes least (Linux only).
 * @module
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bench, describe } from 'vitest';
import { load, requestBytes } from './load-client.ts';
import { median } from './median.ts';
import { noComparison, startPython } from './python-peer.ts';
import { makeRows } from './reward-rows.ts';

const ROUNDS = 5;
/** Samples in a request, requests of a round, connections. */
const SHAPES = [
  { samples: 1, requests: 6000, connections: 32 },
  { samples: 8, requests: 3000, connections: 32 },
  { samples: 1024, requests: 48, connections: 4 },
] as const;
const GROUP_SIZE = 8;

const { completions, targets } = makeRows(8192);

/** The bodies of some requests of so many samples, all different. */
function bodiesOf(samples: number, count: number): string[] {
  return Array.from({ length: count }, (_, request) => {
    const rows = Array.from({ length: samples }, (_, i) => {
      const row = (request * samples + i) % completions.length;
      const { lat, lon } = targets[row]!;
      return {
        id: `mp16:${row}`,
        group: `${request}/${Math.floor(i / GROUP_SIZE)}`,
        member: i % GROUP_SIZE,
        completion: completions[row]!,
        completion_tokens: 118,
        truncated: false,
        target: { lat, lon },
      };
    });
    const step = { v: 1, run: 'bench', engine: 'trl', step: request, split: 'train' };
    return JSON.stringify({ ...step, samples: rows, group_size: GROUP_SIZE });
  });
}

interface Service {
  readonly port: number;
  readonly pid: number;
  readonly stop: () => void;
}

async function openOurs(): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'geor-bench-'));
  const log = join(folder, 'rewards.jsonl');
  const args = ['dist/cli/main.js', 'serve', '--port', '0', '--json', '--no-page', '--log', log];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const { url } = JSON.parse(String(value)) as { url: string };
  const stop = (): void => {
    child.kill();
    child.once('exit', () => rmSync(folder, { recursive: true }));
  };
  return { port: Number(new URL(url).port), pid: child.pid!, stop };
}

async function openPeer(): Promise<Service | undefined> {
  const python = startPython('fastapi_rewards.py');
  try {
    const address = await python.answer<{ port: number; loop: string; http: string }>();
    console.log(`FastAPI on ${address.http}, ${address.loop}`);
    return { port: address.port, pid: python.pid, stop: python.stop };
  } catch (error) {
    noComparison('FastAPI', 'fastapi and uvicorn[standard]', error);
    return undefined;
  }
}

/** Processor seconds of a process so far; `undefined` where the system does not tell. */
function processorSeconds(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

async function rewardsOf({ port }: Service, body: string): Promise<readonly number[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/rewards`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const { rewards } = (await answer.json()) as { rewards: { reward: number }[] };
  return rewards.map(({ reward }) => reward);
}

interface Round {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly perProcessorSecond: number;
}

type Shape = (typeof SHAPES)[number];

async function round(service: Service, shape: Shape, requests: readonly Buffer[]): Promise<Round> {
  const before = processorSeconds(service.pid);
  const { seconds, latencies } = await load(
    service.port,
    requests,
    shape.requests,
    shape.connections,
  );
  const spent = (processorSeconds(service.pid) ?? Number.NaN) - (before ?? Number.NaN);
  const samples = shape.samples * shape.requests;
  return {
    rate: samples / seconds,
    p50: latencies[Math.floor(latencies.length * 0.5)]!,
    p99: latencies[Math.floor(latencies.length * 0.99)]!,
    perProcessorSecond: samples / spent,
  };
}

const middle = (rounds: readonly Round[]): Round => {
  const of = (name: keyof Round): number => median(rounds.map((one) => one[name]));
  return {
    rate: of('rate'),
    p50: of('p50'),
    p99: of('p99'),
    perProcessorSecond: of('perProcessorSecond'),
  };
};

const show = (name: string, { rate, p50, p99, perProcessorSecond }: Round): void =>
  console.log(
    `  ${name.padEnd(8)}${Math.round(rate)} samples/s, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ` +
      `${Math.round(perProcessorSecond)} samples per processor second`,
  );

const ours = await openOurs();
const peer = await openPeer();
for (const shape of SHAPES) {
  const bodies = bodiesOf(shape.samples, Math.min(shape.requests, 64));
  const requests = bodies.map((body, i) => requestBytes(body, `bench/${shape.samples}/${i}`));
  const [mine, theirs]: [Round[], Round[]] = [[], []];
  if (peer) {
    const [a, b] = [await rewardsOf(ours, bodies[0]!), await rewardsOf(peer, bodies[0]!)];
    if (a.some((reward, i) => Math.abs(reward - b[i]!) > 1e-9)) throw new Error('rewards differ');
  }
  for (let i = 0; i <= ROUNDS; i++) {
    const own = await round(ours, shape, requests);
    const other = peer && (await round(peer, shape, requests));
    // the first round warms up
    if (i === 0) continue;
    mine.push(own);
    if (other) theirs.push(other);
  }
  console.log(`${shape.samples} samples a request, ${shape.connections} connections`);
  show('geor', middle(mine));
  if (!peer) continue;
  show('FastAPI', middle(theirs));
  const ratio = (of: (one: Round) => number): string =>
    (median(mine.map(of)) / median(theirs.map(of))).toFixed(2);
  console.log(
    `  ratio   ${ratio(({ rate }) => rate)} in samples/s, ${ratio(({ perProcessorSecond }) => perProcessorSecond)} in processor time`,
  );
}
ours.stop();
peer?.stop();

describe('8,192 samples', () => {
  bench('as JSON', () => {
    JSON.stringify({ completions, targets });
  });
});
