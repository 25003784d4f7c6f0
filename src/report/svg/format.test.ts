import { describe, expect, it } from 'vitest';
import {
  formatCoordinate,
  formatCount,
  formatDuration,
  formatInterval,
  formatKm,
  formatNumber,
  formatPercent,
  formatSigned,
  NO_NUMBER,
} from './format.ts';

// Narrow no-break spaces are shown as underscores, so that a wrong blank cannot hide.
const shown = (text: string): string => text.replaceAll('\u202f', '_');

describe('numbers of a report', () => {
  it('rounds to about three significant digits and groups thousands', () => {
    const cases: [number, string][] = [
      [0, '0'],
      [0.1 + 0.2, '0.300'],
      [0.043210987654321, '0.0432'],
      [1.23456, '1.23'],
      [45.678, '45.7'],
      [999.6, '1_000'],
      [1234567.8, '1_234_568'],
      [-2500, '−2_500'],
      [0.0000123, '1.2×10⁻⁵'],
      [3e15, '3.0×10¹⁵'],
    ];
    for (const [value, text] of cases) expect(shown(formatNumber(value))).toBe(text);
  });

  it('never writes a minus before zero', () => {
    expect(formatNumber(-0.0004, 2)).toBe('0.00');
    expect(formatSigned(-0, 1)).toBe('0.0');
  });

  it('says when there is no number, in every unit', () => {
    for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const format of [formatNumber, formatKm, formatPercent, formatDuration, formatCount]) {
        expect(format(value)).toBe(NO_NUMBER);
      }
    }
    expect(formatInterval(1, null)).toBe(NO_NUMBER);
    expect(formatCoordinate({ lat: Number.NaN, lon: 0 })).toBe(NO_NUMBER);
  });

  it('writes units, signs and intervals', () => {
    expect(shown(formatKm(4.44))).toBe('4.4_km');
    expect(shown(formatKm(2013.4))).toBe('2_013_km');
    expect(shown(formatKm(1))).toBe('1_km');
    expect(shown(formatPercent(44.449))).toBe('44.4_%');
    expect(formatSigned(0.0291, 3)).toBe('+0.029');
    expect(formatSigned(-1.25, 1)).toBe('−1.3');
    expect(formatInterval(0.0152, 0.0433, 3)).toBe('0.015–0.043');
    expect(formatInterval(-0.9, 3.3, 1)).toBe('−0.9 to 3.3');
    expect(shown(formatCount(4_812_345))).toBe('4.81_M');
    expect(shown(formatCount(25_600))).toBe('25.6_k');
    expect(formatCount(980)).toBe('980');
  });

  it('says durations as people do, carrying over at the full minute and hour', () => {
    expect(shown(formatDuration(8.24))).toBe('8.2_s');
    expect(shown(formatDuration(59.6))).toBe('1_min 00_s');
    expect(shown(formatDuration(185))).toBe('3_min 05_s');
    expect(shown(formatDuration(3840))).toBe('1_h 04_min');
  });
});
