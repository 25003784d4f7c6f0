import { describe, expect, it } from 'vitest';
import { geoRReward, type RecipeReward } from '../../rewards/index.ts';
import { createApp } from '../app.ts';
import { type RewardsResponse, SAMPLES_LIMIT } from './protocol.ts';

const paris = { lat: 48.8566, lon: 2.3522 };
const sample = { id: 'a', completion: 'Country: France (48.8566, 2.3522)', target: paris };
const config = 'sha256:c';

async function send(body: unknown, reward: RecipeReward = geoRReward()) {
  const app = createApp({ version: '1', rewards: { reward, config } });
  const answer = await app.request('/v1/rewards', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, text, ...(JSON.parse(text) as RewardsResponse) };
}

describe('POST /v1/rewards', () => {
  it('answers one row per sample, in order, under the names that were sent', async () => {
    const { status, text, ...answer } = await send({
      v: 1,
      run: 'r1',
      engine: 'trl',
      step: 12,
      split: 'train',
      group_size: 8,
      samples: [
        { ...sample, id: 'mp16:b', group: 'g', member: 1, completion_tokens: 9, truncated: false },
        { ...sample, id: 7, group: 2, member: 0, completion: 'I cannot tell' },
        { ...sample, id: 'mp16:b', group: 'g', member: 0, completion: '(48.8566, 90.5) (1, 2)' },
      ],
    });
    expect(status).toBe(200);
    expect(answer).toEqual({
      v: 1,
      config,
      rewards: [
        {
          id: 'mp16:b',
          group: 'g',
          member: 1,
          reward: 1,
          distance: 1,
          format: 1,
          distance_km: 0,
          parsed: paris,
          parts: { distance: 1, format: 1 },
          group_seen: 2,
        },
        {
          id: 7,
          group: 2,
          member: 0,
          reward: 0,
          distance: 0,
          format: 0,
          distance_km: null,
          parsed: null,
          parts: { distance: 0, format: 0 },
          group_seen: 1,
        },
        {
          id: 'mp16:b',
          group: 'g',
          member: 0,
          reward: 0,
          distance: expect.closeTo(0.13, 1),
          format: 0,
          distance_km: expect.closeTo(5_500, -3),
          parsed: { lat: 1, lon: 2 },
          parts: { distance: expect.any(Number), format: 0 },
          group_seen: 2,
        },
      ],
    });
    expect(text).not.toContain('NaN');
  });

  it('leaves out what was not sent, and takes null for it', async () => {
    const nothing = { group: null, member: null, place: null, entities: null, truncated: null };
    const { status, rewards } = await send({
      v: 1,
      run: null,
      step: null,
      samples: [{ ...sample, ...nothing }],
    });
    expect(status).toBe(200);
    expect(rewards[0]).not.toHaveProperty('group');
    expect(rewards[0]).toMatchObject({ id: 'a', reward: 1, group_seen: 1 });
  });

  it('gives null with a reason for what cannot be scored, and scores the rest', async () => {
    const { status, rewards } = await send({
      v: 1,
      samples: [sample, { ...sample, target: { lat: 91, lon: 0 } }],
    });
    expect(status).toBe(200);
    expect(rewards[0]).toMatchObject({ reward: 1 });
    expect(rewards[0]).not.toHaveProperty('unscored');
    expect(rewards[1]).toMatchObject({
      reward: null,
      unscored: 'the target (91, 0) is not a coordinate',
      distance_km: null,
      parts: { distance: null, format: null },
    });
  });

  it('never passes on a number that is none', async () => {
    const broken: RecipeReward = (batch) => ({
      ...(geoRReward()(batch) as Awaited<ReturnType<RecipeReward>>),
      total: [Number.NaN],
      parts: { distance: [Number.POSITIVE_INFINITY] },
      distanceKm: [Number.NaN],
    });
    const { rewards } = await send({ v: 1, samples: [sample] }, broken);
    expect(rewards[0]).toMatchObject({
      reward: null,
      unscored: 'the reward is not a finite number',
      distance_km: null,
      parts: { distance: null },
    });
  });

  it('gives the same answer when asked again', async () => {
    const body = { v: 1, samples: Array.from({ length: 50 }, () => sample) };
    expect((await send(body)).text).toBe((await send(body)).text);
  });

  it('hands the reward what it needs of a sample', async () => {
    const batches: unknown[] = [];
    const spy: RecipeReward = (batch) => {
      batches.push(batch);
      return geoRReward()(batch);
    };
    const place = { country: 'France', region: null, city: 'Paris' };
    const samples = [
      { ...sample, group: 'g', place, entities: ['tower'] },
      { ...sample, place: { city: 'Paris' } },
    ];
    await send({ v: 1, samples }, spy);
    expect(batches).toEqual([
      {
        completions: [sample.completion, sample.completion],
        targets: [paris, paris],
        groups: ['g', null],
        places: [{ country: 'France', city: 'Paris' }, null],
        entities: [['tower'], null],
      },
    ]);
  });

  it('refuses what the protocol does not know, and says where', async () => {
    const wrong: readonly [unknown, string][] = [
      [[], 'body'],
      [{ samples: [sample] }, 'v:'],
      [{ v: 2, samples: [sample] }, 'v:'],
      [{ v: 1, samples: [] }, 'samples:'],
      [{ v: 1, samples: Array.from({ length: SAMPLES_LIMIT + 1 }, () => sample) }, 'samples:'],
      [{ v: 1, samples: [sample], stepp: 1 }, 'stepp'],
      [{ v: 1, samples: [{ ...sample, target: { lat: 1, lng: 2 } }] }, 'samples.0.target'],
      [{ v: 1, samples: [{ ...sample, target: { lat: '1', lon: 2 } }] }, 'samples.0.target.lat'],
      [{ v: 1, samples: [{ ...sample, id: '' }] }, 'samples.0.id'],
      [{ v: 1, samples: [{ ...sample, member: -1 }] }, 'samples.0.member'],
    ];
    for (const [body, place] of wrong) {
      const { status, text } = await send(body);
      expect(status, text).toBe(422);
      expect(text).toContain(place);
    }
  });

  it('refuses a group with more members than a whole one', async () => {
    const samples = [0, 1, 2].map((member) => ({ ...sample, group: 'g', member }));
    expect((await send({ v: 1, samples, group_size: 3 })).status).toBe(200);
    const { status, text } = await send({ v: 1, samples, group_size: 2 });
    expect(status).toBe(422);
    expect(text).toContain('group g has 3 members where 2 are a whole group');
  });
});
