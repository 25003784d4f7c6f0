import { describe, expect, it } from 'vitest';
import { geoRReward, parseRewardLog, type RewardLogRow } from '../../rewards/index.ts';
import { type BatchSummary, summarize } from './batch-summary.ts';
import { type RewardsRequest, rewardsRequestSchema } from './protocol.ts';
import { RewardLog } from './reward-log.ts';
import { scoreSamples } from './score.ts';

const paris = { lat: 48.8566, lon: 2.3522 };
const far = { lat: 91, lon: 0 };
/** Rewards 1, 0 and none. */
const right = { id: 'a', completion: '(48.8566, 2.3522)', target: paris };
const wrong = { id: 'a', completion: 'no idea', target: paris };
const unscored = { id: 'a', completion: '(0, 0)', target: far };

async function batch(key: string, body: Partial<RewardsRequest>): Promise<BatchSummary> {
  const request = rewardsRequestSchema.parse({ v: 1, run: 'r', step: 1, ...body });
  const { samples, group_size } = request;
  return summarize(key, request, await scoreSamples(geoRReward(), samples, group_size));
}

function open() {
  const rows: RewardLogRow[] = [];
  const clock = { now: Date.UTC(2026, 0, 1) };
  const log = new RewardLog(
    (row) => rows.push(row),
    () => clock.now,
  );
  return { log, rows, clock };
}

describe('RewardLog', () => {
  it('adds the requests of a step up', async () => {
    const { log, rows } = open();
    const group = (name: string, ...samples: object[]) =>
      samples.map((sample, member) => ({ ...right, ...sample, group: name, member }));
    const samples = [...group('g', right, right), ...group('h', right, wrong)];
    log.add(await batch('1', { group_size: 2, samples }));
    log.add(await batch('2', { group_size: 2, samples: group('i', wrong) }));
    log.add(await batch('3', { samples: [unscored] }));
    log.flush();
    expect(rows).toEqual([
      {
        run: 'r',
        attempt: 1,
        split: 'train',
        step: 1,
        samples: 6,
        unscored: 1,
        parseFailures: 2,
        groups: 3,
        incompleteGroups: 1,
        zeroVarianceGroups: 1,
        reward: 3 / 5,
        rewardStd: Math.sqrt(3 / 5 - 9 / 25),
        parts: { distance: 3 / 5, format: 3 / 5 },
        distanceKm: 0,
        requests: 3,
        repeats: 0,
        at: '2026-01-01T00:00:00.000Z',
      },
    ]);
  });

  it('puts groups together whose members come one by one', async () => {
    const { log, rows } = open();
    for (const [member, sample] of [right, wrong, right].entries())
      log.add(await batch(`${member}`, { samples: [{ ...sample, group: 'g', member }] }));
    for (const member of [0, 1])
      log.add(await batch(`h${member}`, { samples: [{ ...right, group: 'h', member }] }));
    log.flush();
    expect(rows[0]).toMatchObject({ samples: 5, groups: 2, zeroVarianceGroups: 1 });
  });

  it('counts a request that comes again once', async () => {
    const { log, rows } = open();
    const first = await batch('1', { samples: [right, wrong] });
    expect(log.add(first)).toBe(false);
    expect(log.add(first)).toBe(true);
    log.flush();
    expect(rows[0]).toMatchObject({ samples: 2, reward: 0.5, requests: 1, repeats: 1 });
  });

  it('lets a repeat replace a request with samples that had no score', async () => {
    const { log, rows } = open();
    const of = (sample: typeof right) => ({ ...sample, group: 'g', member: 0 });
    log.add(await batch('1', { samples: [of(unscored), of(right)] }));
    log.add(await batch('1', { samples: [of(wrong), of(right)] }));
    log.add(await batch('1', { samples: [of(wrong), of(right)] }));
    log.flush();
    expect(rows[0]).toMatchObject({ samples: 2, unscored: 0, reward: 0.5, groups: 1, repeats: 2 });
    expect(rows[0]).toMatchObject({ requests: 1, zeroVarianceGroups: 0 });
  });

  it('writes a step when another begins, when nothing more comes, and at least so often', async () => {
    const { log, rows, clock } = open();
    const steps = () => rows.map(({ step, samples }) => [step, samples]);
    log.add(await batch('1', { samples: [right] }));
    log.tick();
    expect(steps()).toEqual([]);
    log.add(await batch('2', { step: 2, samples: [right] }));
    expect(steps()).toEqual([[1, 1]]);
    clock.now += 2_000;
    log.tick();
    log.tick();
    expect(steps()).toEqual([
      [1, 1],
      [2, 1],
    ]);
    log.add(await batch('3', { step: 2, samples: [right] }));
    for (let second = 0; second < 14; second++) {
      clock.now += 1_000;
      log.add(await batch(`more ${second}`, { step: 2, samples: [right] }));
      log.tick();
    }
    expect(steps()).toHaveLength(2);
    clock.now += 1_000;
    log.add(await batch('last', { step: 2, samples: [right] }));
    log.tick();
    expect(steps().at(-1)).toEqual([2, 17]);
    log.flush();
    expect(steps()).toHaveLength(3);
  });

  it('keeps runs, splits and attempts apart', async () => {
    const { log, rows } = open();
    log.add(await batch('1', { samples: [right] }));
    log.add(await batch('2', { attempt: 2, samples: [wrong] }));
    log.add(await batch('3', { split: 'validation', samples: [right, right] }));
    log.add(await batch('4', { run: 's', step: null, samples: [right, right, right] }));
    log.flush();
    const text = rows.map((row) => JSON.stringify(row)).join('\n');
    const counting = parseRewardLog(`${text}\nnot a row\n{"run":`);
    expect(counting.map(({ samples, reward }) => [samples, reward])).toEqual([
      [1, 0],
      [2, 1],
      [3, 1],
    ]);
  });

  it('forgets the oldest of many steps and requests', async () => {
    const { log, rows } = open();
    const one = await batch('1', { samples: [right] });
    for (let step = 0; step < 300; step++) log.add({ ...one, step, key: `${step}` });
    log.add({ ...one, step: 0, key: 'late' });
    log.flush();
    expect(rows).toHaveLength(301);
    expect(rows.at(-1)).toMatchObject({ step: 0, samples: 1 });
    for (let i = 0; i < 100_001; i++) log.add({ ...one, key: `key ${i}` });
    expect(log.add({ ...one, key: 'key 0' })).toBe(false);
    expect(log.add({ ...one, key: 'key 100000' })).toBe(true);
  });
});

describe('parseRewardLog', () => {
  it('takes the last row of the last attempt', () => {
    const row = {
      run: 'r',
      attempt: 1,
      split: 'train',
      step: 1,
      samples: 1,
      unscored: 0,
      parseFailures: 0,
      groups: 0,
      incompleteGroups: 0,
      zeroVarianceGroups: 0,
      reward: 1,
      rewardStd: 0,
      parts: {},
      distanceKm: null,
      requests: 1,
      repeats: 0,
      at: '2026-01-01T00:00:00.000Z',
    };
    const lines = [row, { ...row, samples: 2 }, { ...row, attempt: 2 }, { ...row, samples: 9 }];
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    expect(parseRewardLog(text)).toEqual([{ ...row, attempt: 2 }]);
  });
});
