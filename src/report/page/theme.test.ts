import { describe, expect, it } from 'vitest';
import { THEME } from './theme.ts';

// Relative luminance and contrast ratio as WCAG 2.2 defines them.
const luminance = (hex: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (a: string, b: string): number => {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

const palette = (selector: string): Map<string, string> => {
  const rule = THEME.text.split('\n').find((line) => line.startsWith(selector)) ?? '';
  return new Map(
    [...rule.matchAll(/--([\w-]+):(#\w{6})/g)].map(([, name = '', hex = '']) => [name, hex]),
  );
};

describe.each(['light', 'dark'])('the %s theme', (name) => {
  const colors = palette(`:root:has(#theme-${name}:checked)`);
  const against = (color: string, ground: string) =>
    contrast(colors.get(color) ?? '#', colors.get(ground) ?? '#');

  it.each(['ink', 'muted', 'accent', 'good', 'bad'])('keeps %s readable on paper', (color) => {
    expect(against(color, 'paper')).toBeGreaterThanOrEqual(4.5);
    expect(against(color, 'raised')).toBeGreaterThanOrEqual(4.5);
  });

  it.each([1, 2, 3, 4, 'context'])('keeps series %s visible on paper', (series) => {
    expect(against(`series-${series}`, 'paper')).toBeGreaterThanOrEqual(3);
  });

  it.each([1, 2, 3, 4, 5])('keeps error class %s visible on land and sea', (level) => {
    expect(against(`error-${level}`, 'land')).toBeGreaterThanOrEqual(3);
    expect(against(`error-${level}`, 'sea')).toBeGreaterThanOrEqual(3);
  });
});
