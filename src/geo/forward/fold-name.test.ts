import { expect, it } from 'vitest';
import { foldName } from './fold-name.ts';
import { withoutKind, withoutRoughly } from './kind-words.ts';
import { oneEditAway } from './one-edit.ts';

it.each([
  ['Saint-Étienne', 'st etienne'],
  ['ST. LOUIS', 'st louis'],
  ['Washington, D.C.', 'washington dc'],
  ['Łódź', 'lodz'],
  ['Straße', 'strasse'],
  ['İstanbul', 'istanbul'],
  ['Kaua‘i', 'kauai'],
  ['Йошкар-Ола', 'иошкар ола'],
  ['부산', '부산'],
  ['がつ', 'がつ'],
  ['  !? ', ''],
])('%s folds to %s', (name, folded) => {
  expect(foldName(name)).toBe(folded);
  expect(foldName(folded)).toBe(folded);
});

it.each([
  ['province of turin', 'turin'],
  ['kyoto prefecture', 'kyoto'],
  ['大阪府', '大阪'],
  ['京都', '京都'],
  ['the state of new york', 'new york'],
  ['eastern cape', 'eastern cape'],
])('%s is %s of some kind', (name, bare) => expect(withoutKind(name)).toBe(bare));

it('takes rough positions off questions only', () => {
  expect(withoutRoughly('near lyon')).toBe('lyon');
  expect(withoutRoughly('southern france')).toBe('france');
  expect(withoutRoughly('nearlyon')).toBe('nearlyon');
});

it('gives every spelling one edit away', () => {
  const all = new Set(oneEditAway('paris'));
  for (const near of [
    'aris',
    'pari',
    'apris',
    'parsi',
    'xparis',
    'parisx',
    'parxis',
    'paxis',
    'paris ',
  ])
    expect(all, near).toContain(near);
  for (const far of ['paris', 'pais x', 'sirap', 'parisxx']) expect(all, far).not.toContain(far);
  // 5 left out, 4 swapped, 5 times 26 replaced, 6 times 27 put in, of which 5 twice
  expect(all.size).toBe(5 + 4 + 5 * 26 + 6 * 27 - 5);
  expect([...oneEditAway('rome')]).toEqual([]);
});
