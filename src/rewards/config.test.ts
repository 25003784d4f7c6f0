import { describe, expect, it } from 'vitest';
import { comparesGroups, rewardConfigHash, rewardConfigSchema } from './config.ts';

const read = (value: unknown) => rewardConfigSchema.parse(value);

describe('rewardConfigHash', () => {
  it('does not depend on the order of keys or on defaults left out', async () => {
    const short = read({ recipe: 'globe', weights: { accuracy: 1, format: 0 } });
    const long = read({ weights: { format: 0, accuracy: 1 }, variant: 'paper', recipe: 'globe' });
    const hash = await rewardConfigHash(short, 'g');
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await rewardConfigHash(long, 'g')).toBe(hash);
  });

  it('depends on everything else', async () => {
    const configs = [
      {},
      { variant: 'released' },
      { extras: { levels: 0.5 } },
      { extras: { levels: 0 } },
      { judge: { url: 'http://a/v1', model: 'm' } },
      { judge: { url: 'http://b/v1', model: 'm' } },
    ].map(read);
    const hashes = await Promise.all(configs.map((config) => rewardConfigHash(config, 'g')));
    hashes.push(await rewardConfigHash(read({}), 'another gazetteer'));
    expect(new Set(hashes).size).toBe(configs.length + 1);
  });
});

describe('rewardConfigSchema', () => {
  it('refuses what it does not know', () => {
    for (const wrong of [
      { recipe: 'nobody' },
      { variant: 'mine' },
      { weight: {} },
      { weights: { accuracy: -1 } },
      { extras: { beauty: 1 } },
      { lengths: { min: 90 } },
      { judge: { url: 'not an address', model: 'm' } },
    ])
      expect(rewardConfigSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  });
});

describe('comparesGroups', () => {
  it('is so for lengths within a group that have a weight', () => {
    const compares = (value: unknown) => comparesGroups(read(value));
    expect(compares({})).toBe(false);
    expect(compares({ recipe: 'geoagent' })).toBe(true);
    expect(compares({ recipe: 'geoagent', variant: 'released' })).toBe(false);
    expect(compares({ recipe: 'geoagent', variant: 'released', lengths: 'group' })).toBe(true);
    expect(compares({ recipe: 'geoagent', weights: 'without-consistency' })).toBe(false);
    expect(compares({ recipe: 'geoagent', weights: { consistency: 0 } })).toBe(false);
  });
});
