import { describe, expect, it } from 'vitest';
import { terminalDuration, terminalKm, terminalNumber } from './quantity.ts';
import { sparkline } from './sparkline.ts';
import { colorDepth, cut, padded, plainText, toned, widthOf } from './terminal.ts';
import { textTable } from './text-table.ts';

describe('colorDepth', () => {
  it('follows the terminal and yields to NO_COLOR', () => {
    expect(colorDepth(true, { COLORTERM: 'truecolor', TERM: 'xterm' })).toBe('truecolor');
    expect(colorDepth(true, { TERM: 'xterm-256color' })).toBe('256');
    expect(colorDepth(true, { TERM: 'xterm' })).toBe('ansi');
    expect(colorDepth(true, { TERM: 'dumb', COLORTERM: 'truecolor' })).toBe('none');
    expect(colorDepth(true, { NO_COLOR: '1', COLORTERM: 'truecolor' })).toBe('none');
    expect(colorDepth(true, { NO_COLOR: '', TERM: 'xterm-256color' })).toBe('256');
    expect(colorDepth(false, { COLORTERM: 'truecolor' })).toBe('none');
  });
});

describe('text in cells', () => {
  it('counts wide characters as two, combining ones and control sequences as none', () => {
    expect(widthOf('Åland')).toBe(5);
    expect(widthOf('A\u030aland')).toBe(5);
    expect(widthOf('東京')).toBe(4);
    expect(widthOf(toned('ok', 'good', 'ansi'))).toBe(2);
  });

  it('cuts with an ellipsis and fills up, never past the width', () => {
    expect(cut('Krasnoyarsk', 6)).toBe('Krasn…');
    expect(cut('東京都', 4)).toBe('東…');
    expect(cut('abc', 3)).toBe('abc');
    expect(padded('ab', 4)).toBe('ab  ');
    expect(padded('12', 4, 'right')).toBe('  12');
  });

  it('takes the teeth out of text from outside', () => {
    expect(plainText('a\u001b[2Jb\r\nc\u202ed\u009be')).toBe('a [2Jb c d e');
  });
});

describe('sparkline', () => {
  it('spans from the smallest to the largest value', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 10)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([7, 0], 10)).toBe('█▁');
  });

  it('averages a long history into its width', () => {
    expect(sparkline([0, 0, 7, 7, 3, 4], 3)).toBe('▁█▅');
  });

  it('survives nothing, equal values and what is not a number', () => {
    expect(sparkline([], 10)).toBe('');
    expect(sparkline([5, 5], 10)).toBe('▄▄');
    expect(sparkline([Number.NaN, 1, 2], 10)).toBe('▁█');
  });
});

describe('quantities', () => {
  it('print short', () => {
    expect(
      [0, 640, 1.0734, 18.26, 412.3, 0.00031, 0.0131, 25_600, 4.8e6, null].map(terminalNumber),
    ).toEqual(['0', '640', '1.07', '18.3', '412', '3.1e-4', '0.013', '25.6k', '4.80M', '–']);
    expect([400, 59_600, 125_000, 3_840_000, -1].map(terminalDuration)).toEqual([
      '0 s',
      '1 min 00 s',
      '2 min 05 s',
      '1 h 04 min',
      '–',
    ]);
    expect([4.44, 194.3, 2013.4].map(terminalKm)).toEqual(['4.4 km', '194 km', '2 013 km']);
  });
});

describe('textTable', () => {
  it('aligns numbers to the right and lets the first column give way', () => {
    const rows = [
      ['system', 'median'],
      ['nearest training tile', '2 964 km'],
    ];
    expect(textTable(rows, 80)).toEqual([
      '  system                   median',
      '  nearest training tile  2 964 km',
    ]);
    expect(textTable(rows, 24)).toEqual(['  system          median', '  nearest tra…  2 964 km']);
    expect(textTable([], 80)).toEqual([]);
  });
});
