/**
 * A long run of the reward service, with clients that break off, requests that are malformed, and, where
 * asked for, worker processes that are killed.
 *
 *     npm run build && node bench/soak-rewards.mjs --minutes 10
 *     npm run build && node bench/soak-rewards.mjs --minutes 1 --workers 3 --kill-every 5
 *
 * Checked: each good request gets its answer, in order, under its names, with the rewards that this file
 * computes for itself; each malformed one is refused; what was answered stands in `rewards.jsonl` once;
 * memory and open files end where they were after the first quarter; SIGTERM ends the service with 0.
 * Exit code 1 when something of that is not so. Clients follow the retry rule of the protocol.
 * @module
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    workers: { type: 'string', default: '1' },
    'kill-every': { type: 'string', default: '0' },
    rate: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
  },
});
const MINUTES = Number(flags.minutes);
const CLIENTS = 16;
const ABORTED = 0.01;
const MALFORMED = 0.01;
const TRIES = 8;
const RETRIED = new Set([429, 502, 503, 504]);

/** mulberry32: uniform numbers in [0, 1). */
let state = Number(flags.seed) | 0;
const uniform = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

const folder = mkdtempSync(join(tmpdir(), 'geor-soak-'));
const log = join(folder, 'rewards.jsonl');
const child = spawn(
  process.execPath,
  ['dist/cli/main.js', 'serve', '--port', '0', '--json', '--no-page', '--log', log].concat([
    '--workers',
    flags.workers,
  ]),
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const ended = new Promise((resolve) => child.once('exit', resolve));
const { value: line } = await createInterface({ input: child.stdout })
  [Symbol.asyncIterator]()
  .next();
const { url, config } = JSON.parse(line);
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

/** Geo-R's reward by eq. (5), from the haversine formula, written apart from the package. */
function rewardOf([lat1, lon1], [lat2, lon2]) {
  const radians = Math.PI / 180;
  const a =
    Math.sin(((lat2 - lat1) * radians) / 2) ** 2 +
    Math.cos(lat1 * radians) *
      Math.cos(lat2 * radians) *
      Math.sin(((lon2 - lon1) * radians) / 2) ** 2;
  const kilometres = 2 * 6371.0088 * Math.asin(Math.sqrt(a));
  if (kilometres <= 750) return 1 - (0.5 * kilometres) / 750;
  if (kilometres <= 2500) return 0.5 - (0.3 * (kilometres - 750)) / 1750;
  return Math.max(0, 0.2 - (0.2 * (kilometres - 2500)) / 17500);
}

const coordinate = () => [
  Number((180 * uniform() - 90).toFixed(4)),
  Number((360 * uniform() - 180).toFixed(4)),
];

let made = 0;
/** A request of 1 to 64 samples, with the rewards it must get. */
function makeRequest(split) {
  const number = made++;
  const expected = [];
  const samples = Array.from({ length: 1 + Math.floor(64 * uniform() ** 2) }, (_, i) => {
    const [answer, target] = [coordinate(), coordinate()];
    const hasAnswer = uniform() < 0.9;
    expected.push(hasAnswer ? rewardOf(answer, target) : 0);
    return {
      id: `photo ${number}/${i}`,
      group: `${number}/${i >> 3}`,
      member: i & 7,
      completion: hasAnswer ? `Country: ?\nCoordinates: (${answer.join(', ')})` : 'I cannot tell.',
      target: { lat: target[0], lon: target[1] },
    };
  });
  const step = Math.floor(number / 1000);
  return { body: { v: 1, run: 'soak', step, split, group_size: 8, samples }, expected, number };
}

/** One try; `breakOff` ends the connection after so much of the body, or before the answer. */
function post(text, headers, breakOff) {
  return new Promise((resolve, reject) => {
    const call = request(`${url}/v1/rewards`, {
      method: 'POST',
      agent: breakOff === undefined ? agent : false,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        ...headers,
      },
      timeout: 60_000,
    });
    call.on('error', reject);
    call.on('timeout', () => call.destroy(new Error('no answer in 60 s')));
    call.on('response', async (answer) => {
      try {
        let body = '';
        for await (const piece of answer.setEncoding('utf8')) body += piece;
        resolve({ status: answer.statusCode, body });
      } catch (error) {
        reject(error);
      }
    });
    if (breakOff === undefined) return call.end(text);
    call.write(text.slice(0, Math.floor(breakOff * text.length)), () =>
      call.destroy(new Error('broken off')),
    );
  });
}

const counts = { good: 0, samples: 0, aborted: 0, malformed: 0, retries: 0, wrong: 0, lost: 0 };
const complaints = [];
const complain = (kind, text) => {
  counts[kind]++;
  if (complaints.length < 10) complaints.push(`${kind}: ${text}`);
};

async function sendGood() {
  const { body, expected, number } = makeRequest('train');
  const text = JSON.stringify(body);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    try {
      const answer = await post(text, { 'idempotency-key': `soak/${number}` });
      if (!RETRIED.has(answer.status)) return check(answer, body.samples, expected);
    } catch {
      // a lost connection
    }
    counts.retries++;
    await pause(Math.min(2 ** attempt, 30) * (0.5 + 0.5 * uniform()));
  }
  complain('lost', `request ${number}`);
}

function check({ status, body }, samples, expected) {
  if (status !== 200) return complain('wrong', `status ${status}: ${body.slice(0, 200)}`);
  const answer = JSON.parse(body);
  const isRight =
    answer.config === config &&
    answer.rewards.length === samples.length &&
    answer.rewards.every(
      ({ id, group, member, reward }, i) =>
        id === samples[i].id &&
        group === samples[i].group &&
        member === samples[i].member &&
        Math.abs(reward - expected[i]) < 1e-6,
    );
  if (!isRight) return complain('wrong', body.slice(0, 200));
  counts.good++;
  counts.samples += samples.length;
}

/** Bodies that must be refused, with the status. */
const MALFORMED_BODIES = [
  (text) => [text.slice(0, -2), {}, 400],
  (text) => [text.replace(/"lat":[^,]+/, '"lat":NaN'), {}, 400],
  (text) => [text.replace('"v":1', '"v":2'), {}, 422],
  (text) => [text.replace('"run"', '"ran"'), {}, 422],
  (text) => [text.replace(/"lat":[^,]+/, '"lat":"here"'), {}, 422],
  (text) => [text, { 'content-type': 'text/plain' }, 415],
  () => ['{"v":1,"samples":[]}', {}, 422],
  () => ['['.repeat(100_000), {}, 400],
];

async function sendMalformed() {
  const text = JSON.stringify(makeRequest('malformed').body);
  const [body, headers, expected] =
    MALFORMED_BODIES[Math.floor(MALFORMED_BODIES.length * uniform())](text);
  try {
    const { status } = await post(body, headers);
    if (status !== expected) complain('wrong', `${status} where ${expected} was due`);
  } catch {
    // a killed process; nothing is owed to a malformed request
  }
  counts.malformed++;
}

async function sendAborted() {
  const text = JSON.stringify(makeRequest('aborted').body);
  await post(text, {}, uniform() < 0.5 ? uniform() : 1).catch(() => {});
  counts.aborted++;
}

const end = performance.now() + 60_000 * MINUTES;
async function client() {
  while (performance.now() < end) {
    const start = performance.now();
    const kind = uniform();
    if (kind < ABORTED) await sendAborted();
    else if (kind < ABORTED + MALFORMED) await sendMalformed();
    else await sendGood();
    await pause(Math.max(0, CLIENTS / Number(flags.rate) - (performance.now() - start) / 1000));
  }
}

/** Processes of the service, its own first. */
const processes = () => [
  child.pid,
  ...readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number),
];
const series = [];
function look() {
  let [bytes, files] = [0, 0];
  for (const pid of processes())
    try {
      bytes += 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
      files += readdirSync(`/proc/${pid}/fd`).length;
    } catch {
      // it died between the two looks
    }
  series.push({ minute: (performance.now() - begin) / 60_000, bytes, files });
}

let kills = 0;
const begin = performance.now();
const watch = setInterval(look, Math.min(5000, (60_000 * MINUTES) / 24));
const killer =
  Number(flags['kill-every']) > 0 &&
  setInterval(() => {
    const workers = processes().slice(1);
    if (workers.length === 0) return;
    process.kill(workers[Math.floor(workers.length * uniform())], 'SIGKILL');
    kills++;
  }, 1000 * Number(flags['kill-every']));

await Promise.all(Array.from({ length: CLIENTS }, client));
clearInterval(watch);
clearInterval(killer);
agent.destroy();
child.kill('SIGTERM');
const exitCode = await ended;

const rows = new Map();
for (const row of readFileSync(log, 'utf8')
  .trim()
  .split('\n')
  .map((text) => JSON.parse(text)))
  if (row.split === 'train') rows.set(row.step, row);
const logged = [...rows.values()].reduce((sum, { samples }) => sum + samples, 0);
const repeats = [...rows.values()].reduce((sum, row) => sum + row.repeats, 0);
rmSync(folder, { recursive: true });

const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const quarter = (i) =>
  series.slice(Math.floor((i * series.length) / 4), Math.floor(((i + 1) * series.length) / 4));
const of = (i, name) => middle(quarter(i).map((one) => one[name]));
const mebibytes = (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`;
const growth = of(3, 'bytes') / of(1, 'bytes') - 1;
const total = counts.good + counts.malformed + counts.aborted;
console.log(
  `${total} requests in ${MINUTES} minutes, seed ${flags.seed}, ${flags.workers} processes that answer`,
);
console.log(JSON.stringify({ ...counts, kills, repeats, logged, exitCode }));
console.log(
  `memory by quarters: ${[0, 1, 2, 3].map((i) => mebibytes(of(i, 'bytes'))).join(', ')}; ` +
    `open files: ${[0, 1, 2, 3].map((i) => of(i, 'files')).join(', ')}`,
);
const faults = [
  counts.wrong > 0 && 'wrong answers',
  counts.lost > 0 && 'lost answers',
  logged !== counts.samples && `the log holds ${logged} samples, ${counts.samples} were answered`,
  exitCode !== 0 && `exit code ${exitCode}`,
  MINUTES >= 5 && kills === 0 && growth > 0.1 && `memory grew by ${(100 * growth).toFixed(0)} %`,
].filter(Boolean);
for (const text of [...complaints, ...faults]) console.log(text);
console.log(faults.length === 0 ? 'all as it should be' : 'not as it should be');
process.exitCode = faults.length === 0 ? 0 : 1;
