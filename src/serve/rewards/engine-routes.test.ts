import { describe, expect, it } from 'vitest';
import { geoRReward } from '../../rewards/index.ts';
import { createApp } from '../app.ts';
import type { BatchSummary } from './batch-summary.ts';
import { completionOf } from './openrlhf-routes.ts';

const batches: BatchSummary[] = [];
const rewards = {
  reward: geoRReward(),
  config: 'c',
  record: (batch: BatchSummary) => batches.push(batch),
};
const app = createApp({ version: '1', rewards });
async function send(path: string, body: unknown) {
  const answer = await app.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
}

const label = JSON.stringify({ lat: 48.8566, lon: 2.3522, place: { country: 'France' } });

describe('POST /get_reward', () => {
  const prompt = '<|im_start|>user\nAnswer as (lat, lon), e.g. (1.0, 2.0).<|im_start|>assistant\n';

  it('answers what OpenRLHF sends, without reading the prompt for an answer', async () => {
    const { status, body } = await send('/get_reward', {
      query: [`${prompt}(48.8566, 2.3522)<|im_end|>\n`, `${prompt}I do not know<|im_end|>`],
      prompts: [prompt, prompt],
      labels: [label, label],
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      rewards: [1, 0],
      scores: [1, 0],
      extra_logs: { distance: [1, 0], format: [1, 0] },
    });
    expect(batches.at(-1)).toMatchObject({ run: 'openrlhf', step: null, samples: 2 });
  });

  it('answers the empty lists that a second server gets', async () => {
    const empty = { query: [], prompts: [], labels: [] };
    expect(await send('/get_reward', empty)).toEqual({
      status: 200,
      body: { rewards: [], scores: [], extra_logs: {} },
    });
  });

  it('never turns a fault into a number', async () => {
    const one = { query: ['(1, 2)'], prompts: [''] };
    for (const labels of [['Paris'], [''], [null], ['{"lat": 1}'], [label, label], []])
      expect((await send('/get_reward', { ...one, labels })).status).toBe(422);
    const off = JSON.stringify({ lat: 91, lon: 0 });
    expect(await send('/get_reward', { ...one, labels: [off] })).toMatchObject({ status: 503 });
  });
});

describe('completionOf', () => {
  it('is what stands behind the prompt, without the tokens that end it', () => {
    expect(completionOf('p a<|im_end|>\n<|endoftext|>', 'p ')).toBe('a');
    expect(completionOf('x<|im_start|>assistant\na (1, 2)<|im_end|>', 'other')).toBe('a (1, 2)');
    expect(completionOf('a (1, 2)', 'other')).toBe('a (1, 2)');
  });
});

describe('POST /remote_rm', () => {
  it('answers with the number alone', async () => {
    const body = { prompt: [{ role: 'user' }], response: '(48.8566, 2.3522)', label };
    expect(await send('/remote_rm', body)).toEqual({ status: 200, body: 1 });
    const plain = { ...body, label: { lat: 48.8566, lon: 2.3522 } };
    expect(await send('/remote_rm', plain)).toEqual({ status: 200, body: 1 });
    expect((await send('/remote_rm', { ...body, label: 'Paris' })).status).toBe(422);
    expect((await send('/remote_rm', { ...body, label: '{"lat":91,"lon":0}' })).status).toBe(503);
  });
});
