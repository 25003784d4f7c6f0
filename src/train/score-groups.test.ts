import { expect, it } from 'vitest';
import { scored, toyTask } from '../../test/support/toy-task.ts';
import type { RewardBatch } from '../rewards/index.ts';
import { scoreGroups } from './score-groups.ts';
import type { Task } from './task.ts';

const groups = [
  { sample: 5, texts: ['a', 'b'] },
  { sample: 2, texts: ['c', 'd'] },
];
const zeros = ({ completions }: RewardBatch) =>
  scored(
    'zero',
    completions.map(() => 0),
  );

it('a reward sees whole groups, the targets of the task themselves, and what else the task knows', async () => {
  const bare = toyTask();
  const task: Task = {
    ...bare,
    place: (index) => ({ country: `land ${index}` }),
    entities: (index) => (index === 5 ? ['flag'] : null),
    picture: (index) => `data:image/png;base64,${index}`,
  };
  let seen: RewardBatch | undefined;
  await scoreGroups(
    (batch) => {
      seen = batch;
      return zeros(batch);
    },
    task,
    groups,
  );
  expect(seen).toEqual({
    completions: ['a', 'b', 'c', 'd'],
    targets: [5, 5, 2, 2].map((sample) => bare.target(sample)),
    groups: [0, 0, 1, 1],
    places: ['land 5', 'land 5', 'land 2', 'land 2'].map((country) => ({ country })),
    entities: [['flag'], ['flag'], null, null],
    images: [5, 5, 2, 2].map((sample) => `data:image/png;base64,${sample}`),
  });
  expect(seen!.targets[0]).toBe(bare.target(5));
});

it('leaves out what the task does not know', async () => {
  let seen: RewardBatch | undefined;
  await scoreGroups(
    (batch) => {
      seen = batch;
      return zeros(batch);
    },
    toyTask(),
    groups,
  );
  expect(Object.keys(seen!)).toEqual(['completions', 'targets', 'groups']);
});

it('a reward that gives another number of scores is a fault of the program', async () => {
  const run = scoreGroups(() => scored('few', [1]), toyTask(), groups);
  await expect(run).rejects.toMatchObject({ code: 'internal' });
});
