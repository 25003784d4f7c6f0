import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseRewardLog } from '../../src/rewards/index.ts';
import { type RewardsResponse, rewardsResponseSchema } from '../../src/serve/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-e2e-serve-'));
const sample = (id: number) => ({
  id,
  completion: '<think>a</think><answer>country: France\ncity: Paris</answer>',
  target: { lat: 48.8566, lon: 2.3522 },
});

/** A judge that answers only when it is told to. */
const questions: ServerResponse[] = [];
let onQuestion = (): void => {};
const judge = createServer((request, response) => {
  request.resume();
  questions.push(response);
  onQuestion();
});
const yes = JSON.stringify({
  choices: [
    {
      message: { content: 'yes' },
      logprobs: { content: [{ top_logprobs: [{ token: 'yes', logprob: 0 }] }] },
    },
  ],
});
const isAsked = async (count: number): Promise<void> => {
  while (questions.length < count)
    await new Promise<void>((resolve) => {
      onQuestion = resolve;
    });
};

let config: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  await new Promise<void>((resolve) => judge.listen(0, '127.0.0.1', resolve));
  config = join(folder, 'reward.json');
  const { port } = judge.address() as AddressInfo;
  const weights = { accuracy: 1, localizability: 1, grounding: 0, format: 1 };
  const url = `http://127.0.0.1:${port}/v1`;
  writeFileSync(config, JSON.stringify({ recipe: 'globe', weights, judge: { url, model: 'm' } }));
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  questions.length = 0;
});
afterAll(() => {
  judge.closeAllConnections();
  judge.close();
  rmSync(folder, { recursive: true });
});

/** Runs `geor serve` as built. */
function geor(...args: readonly string[]) {
  const child = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--no-page', ...args]);
  children.push(child);
  let stderr = '';
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ready = async () => {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    return JSON.parse(value) as { url: string; pid: number; config: string };
  };
  return { child, exit, ready, said: () => stderr };
}

const post = (url: string, samples: readonly unknown[], key: string) =>
  fetch(`${url}/v1/rewards`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ v: 1, run: 'r', step: 1, samples }),
  });

const bodyOf = async (answer: Promise<Response>): Promise<RewardsResponse> =>
  rewardsResponseSchema.parse(await (await answer).json());

describe('geor serve', () => {
  it('listens elsewhere than on loopback only with a token', async () => {
    const { exit, said } = geor('--host', '0.0.0.0', '--token-env', 'GEOR_NO_SUCH_TOKEN');
    expect(await exit).toBe(2);
    expect(said()).toContain('a token is needed');
  });

  it('answers what is under way when it is told to stop, takes nothing new, and ends with 0', async () => {
    const log = join(folder, 'drained.jsonl');
    const { child, exit, ready } = geor('--port', '0', '--json', '--rewards', config, '--log', log);
    const { url, config: hash } = await ready();
    const answer = post(url, [sample(1)], 'a');
    await isAsked(1);
    child.kill('SIGTERM');
    while (
      await fetch(`${url}/health`).then(
        ({ status }) => status === 200,
        () => false,
      )
    );
    questions[0]!.end(yes);
    const { config: echoed, rewards } = await bodyOf(answer);
    expect(echoed).toBe(hash);
    expect(rewards[0]?.reward).toBe(3);
    expect(await exit).toBe(0);
    const [row] = parseRewardLog(readFileSync(log, 'utf8'));
    expect(row).toMatchObject({ run: 'r', step: 1, samples: 1, reward: 3 });
  });

  it('loses no answer to a client that asks again when a process is killed', async () => {
    const log = join(folder, 'killed.jsonl');
    const flags = ['--port', '0', '--json', '--rewards', config, '--log', log, '--workers', '2'];
    const { child, exit, ready, said } = geor(...flags);
    const { url, pid } = await ready();
    const first = post(url, [sample(1)], 'a').then(
      () => 'answered',
      () => 'lost',
    );
    await isAsked(1);
    for (const worker of childrenOf(pid)) process.kill(worker, 'SIGKILL');
    expect(await first).toBe('lost');
    const again = postUntilAnswered(url);
    await isAsked(2);
    questions[1]!.end(yes);
    expect((await bodyOf(again)).rewards[0]?.reward).toBe(3);
    expect(said()).toContain('another takes its place');
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    const [row] = parseRewardLog(readFileSync(log, 'utf8'));
    expect(row).toMatchObject({ samples: 1, reward: 3, requests: 1 });
  });
});

/** Asks again for as long as nobody is there. */
async function postUntilAnswered(url: string): Promise<Response> {
  for (;;)
    try {
      return await post(url, [sample(1)], 'a');
    } catch {
      await new Promise(setImmediate);
    }
}

const childrenOf = (pid: number): readonly number[] =>
  execFileSync('pgrep', ['-P', `${pid}`], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);
