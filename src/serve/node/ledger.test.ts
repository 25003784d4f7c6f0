import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseRewardLog } from '../../rewards/index.ts';
import type { BatchSummary } from '../rewards/batch-summary.ts';
import { openLedger } from './ledger.ts';

const batch = (step: number, unscored: number, samples = 8): BatchSummary => ({
  ...{ key: `${step}/${unscored}`, run: 'r', attempt: 1, split: 'train', step, samples, unscored },
  unscoredReason: unscored > 0 ? 'the judge is away' : null,
  parseFailures: 0,
  reward: { count: samples - unscored, sum: 0, sumOfSquares: 0 },
  ...{ parts: {}, distanceKm: { count: 0, sum: 0 }, groups: [] },
});

it('says once of a step that most of its completions have no reward, and why', () => {
  const folder = mkdtempSync(join(tmpdir(), 'geor-ledger-'));
  const path = join(folder, 'rewards.jsonl');
  const [notices, faults]: [string[], unknown[]] = [[], []];
  const ledger = openLedger(
    path,
    (error) => faults.push(error),
    (text) => notices.push(text),
  );
  ledger.record(batch(1, 4));
  ledger.record(batch(2, 5));
  ledger.record(batch(3, 8));
  ledger.record(batch(4, 0));
  ledger.record({ ...batch(5, 8), run: 'a\u001b[2J\nb\u009b' });
  ledger.record(batch(3, 7)); // comes late, and is part of what was told
  ledger.close();
  expect(notices).toEqual([
    'r, step 2: 5 of 8 completions have no reward: the judge is away',
    'r, step 3: 8 of 8 completions have no reward: the judge is away',
    'a\ufffd[2J\ufffdb\ufffd, step 5: 8 of 8 completions have no reward: the judge is away',
  ]);
  expect(faults).toEqual([]);
  expect(ledger.metrics.render()).toContain('\ngeor_reward_unscored_steps_total 3\n');
  expect(parseRewardLog(readFileSync(path, 'utf8')).map(({ unscored }) => unscored)).toEqual([
    4, 5, 15, 0, 8,
  ]);
  rmSync(folder, { recursive: true });
});
