import { describe, expect, it } from 'vitest';
import { geoRReward, type RecipeReward } from '../../rewards/index.ts';
import { createApp } from '../app.ts';
import { Gate } from '../gate.ts';
import type { BatchSummary } from './batch-summary.ts';
import type { RewardService } from './reward-service.ts';

const paris = { lat: 48.8566, lon: 2.3522 };
const sample = { id: 'a', completion: '(48.8566, 2.3522)', target: paris };

function open(service: Partial<RewardService> = {}) {
  const batches: BatchSummary[] = [];
  const app = createApp({
    version: '1',
    rewards: {
      reward: geoRReward(),
      config: 'sha256:c',
      record: (batch) => batches.push(batch),
      ...service,
    },
  });
  const send = async (samples: readonly unknown[], headers: Record<string, string> = {}) =>
    await app.request('/v1/rewards', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ v: 1, samples }),
    });
  return { send, batches };
}

/** A reward that waits until it is let go. */
function waiting() {
  let letGo = (): void => {};
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const reward: RecipeReward = async (batch) => {
    await gone;
    return geoRReward()(batch);
  };
  return { reward, letGo };
}

describe('a reward service', () => {
  it('records each scored request under its key, or that of its content', async () => {
    const { send, batches } = open();
    await send([sample], { 'idempotency-key': 'r/1/x' });
    await send([sample]);
    await send([sample]);
    await send([{ ...sample, id: 'b' }]);
    const keys = batches.map(({ key }) => key);
    expect(keys[0]).toBe('r/1/x');
    expect(keys[1]).toBe(keys[2]);
    expect(new Set(keys).size).toBe(3);
    expect((await send([])).status).toBe(422);
    expect((await send([sample], { 'idempotency-key': 'x'.repeat(257) })).status).toBe(400);
    expect(batches).toHaveLength(4);
  });

  it('turns away what finds no room, and takes it when there is some', async () => {
    const { reward, letGo } = waiting();
    const gate = new Gate(3, 'samples', 5);
    const { send, batches } = open({ reward, gate });
    const first = send([sample, sample]);
    await new Promise(setImmediate);
    expect(gate.used).toBe(2);
    const second = await send([sample, sample]);
    expect(second.status).toBe(503);
    expect(second.headers.get('retry-after')).toBe('5');
    expect(batches).toHaveLength(0);
    letGo();
    expect((await first).status).toBe(200);
    expect(gate.used).toBe(0);
    expect((await send([sample, sample])).status).toBe(200);
    // one that is larger than all room there is has it for itself
    expect((await send([sample, sample, sample, sample])).status).toBe(200);
  });

  it('does not wait for models without an end, and keeps their place until they answer', async () => {
    const { reward, letGo } = waiting();
    const gate = new Gate(3, 'samples', 5);
    const { send, batches } = open({ reward, gate, deadline: () => AbortSignal.abort() });
    expect((await send([sample])).status).toBe(504);
    expect(gate.used).toBe(1);
    letGo();
    await new Promise(setImmediate);
    expect(gate.used).toBe(0);
    expect(batches).toHaveLength(0);
  });

  it('gives room back when scoring fails', async () => {
    const gate = new Gate(3, 'samples', 5);
    const { send } = open({ reward: () => Promise.reject(new Error('broken')), gate });
    expect((await send([sample])).status).toBe(500);
    expect(gate.used).toBe(0);
  });
});
