import { describe, expect, it } from 'vitest';
import type { Place } from '../../geo/index.ts';
import { defaultGazetteer } from '../default-gazetteer.ts';
import { countLabels, type LabelCounts, LabelJudge } from './label-repair.ts';

const munich: Place = {
  ...{ lat: 48.137, lon: 11.575, continent: 'Europe', country: 'Germany', countryCode: 'DE' },
  ...{ region: 'Bavaria', city: 'Munich' },
};

const judge = new LabelJudge(defaultGazetteer());

describe('LabelJudge', () => {
  it.each([
    ['city', 'Munich', 'agrees'],
    ['city', ' MUNICH', 'agrees'],
    ['country', 'germany', 'agrees'],
    ['city', '', 'missing'],
    ['country', 'Deutschland', 'language'],
    ['city', 'München', 'language'],
    ['city', 'Monaco di Baviera', 'language'],
    ['region', 'Bayern', 'language'],
    ['region', 'Freistaat Bayern', 'language'],
    ['country', 'DE', 'language'],
    ['country', 'Österreich', 'contradictory'],
    ['city', 'ミュンヘン', 'language'],
    ['city', 'Мюнхен', 'language'],
    ['city', 'ベルリン', 'contradictory'],
    ['city', 'ほげほげ村', 'language'],
    ['city', 'Berlin', 'contradictory'],
    ['city', 'Atlantis', 'contradictory'],
    ['region', 'Hesse', 'contradictory'],
  ] as const)('%s %j: %s', (level, label, finding) => {
    expect(judge.judge(level, label, munich)).toBe(finding);
  });

  it('drops a label where the place has no such level, and passes over two absent ones', () => {
    const { city: _, ...wild } = munich;
    expect(judge.judge('city', 'Munich', wild)).toBe('dropped');
    expect(judge.judge('city', '', wild)).toBeUndefined();
  });

  it('judges a name by the country it is in', () => {
    const place = {
      ...munich,
      country: 'Austria',
      countryCode: 'AT',
      region: 'Vienna',
      city: 'Vienna',
    };
    expect(judge.judge('city', 'Wien', place)).toBe('language');
    expect(judge.judge('city', 'Wien', munich)).toBe('contradictory');
  });
});

describe('countLabels', () => {
  it('counts per level, and only levels that the source has', () => {
    const counts: LabelCounts = {};
    countLabels(counts, judge, { country: 'Germany', city: '' }, munich);
    countLabels(counts, judge, { country: 'France', city: '' }, munich);
    expect(counts).toEqual({
      country: { agrees: 1, contradictory: 1 },
      city: { missing: 2 },
    });
  });
});
