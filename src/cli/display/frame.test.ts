import { describe, expect, it } from 'vitest';
import { bar, frame } from './frame.ts';
import { nearest256, picture } from './picture.ts';
import { sampleSentence } from './sample.ts';
import {
  beginStage,
  type DisplaySample,
  type DisplayState,
  endStage,
  msLeft,
  runningStage,
  startState,
  takeProgress,
} from './state.ts';
import { widthOf } from './terminal.ts';

const sample: DisplaySample = {
  tile: new Uint8Array(4 * 4 * 3).fill(80),
  sizePx: 4,
  truth: {
    country: 'Russia',
    region: 'Krasnoyarsk Krai',
    city: 'Norilsk',
    coordinate: { lat: 69.35, lon: 88.2 },
  },
  answer: { country: 'Russia', region: 'Sakha', coordinate: { lat: 62.03, lon: 129.73 } },
  distanceKm: 2013.4,
};

/** SFT half way after ten seconds of steady work, data done, two stages to come. */
const halfway = (): DisplayState => {
  let state = startState(['Data', 'SFT', 'GRPO', 'Evaluation'], 0);
  state = endStage(beginStage(state, 'Data', 0), 3000, '18432 tiles');
  state = beginStage(state, 'SFT', 3000);
  for (let i = 0; i <= 320; i += 40) {
    const fields = { loss: 4 - i / 100, 'learning rate': 0.0003, 'samples/s': 412.3 };
    state = takeProgress(state, { done: i, total: 640, fields }, 3000 + i * 31.25);
  }
  return { ...state, sample };
};

const draw = (state: DisplayState, columns = 80, rows?: number): string[] =>
  frame(state, { nowMs: 13_000, columns, rows, depth: 'none' });

describe('frame', () => {
  it('draws stages, bar, figures and sample at 80 columns', () => {
    expect(`\n${draw(halfway()).join('\n')}`).toMatchInlineSnapshot(`
      "

        ✓ Data  18432 tiles                                                       3 s
        ▸ SFT                                                                    10 s
          ━━━━━━━━━━━━━━━━━━━━━━──────────────────────  50 %  320/640       10 s left
          loss 0.800  █▇▆▅▅▄▃▂▁
          learning rate 3.0e-4   samples/s 412
        · GRPO
        · Evaluation

                   truth                             model now
          country  Russia                          ✓ Russia
          region   Krasnoyarsk Krai                ✗ Sakha
          city     Norilsk                           –
          point    69.35, 88.20                      62.03, 129.73
                                                     2 013 km off
      "
    `);
  });

  it('ends with a tick on every stage and no sample', () => {
    const state = endStage(halfway(), 13_000, 'loss 0.80');
    expect(`\n${draw(state).join('\n')}`).toMatchInlineSnapshot(`
      "

        ✓ Data  18432 tiles                                                       3 s
        ✓ SFT  loss 0.80                                                         10 s
        · GRPO
        · Evaluation
      "
    `);
  });

  it('keeps within the terminal, whatever it is told', () => {
    const long = 'very long words '.repeat(12);
    let state = beginStage(startState([long], 0), long, 0);
    state = takeProgress(state, { done: 1, total: 2, fields: { [long]: 1, b: long } }, 0);
    state = { ...state, sample: { ...sample, truth: { country: long, city: '東京'.repeat(30) } } };
    for (const depth of ['none', 'ansi', '256', 'truecolor'] as const) {
      for (const columns of [40, 80, 200]) {
        const lines = frame(state, { nowMs: 9e6, columns, depth });
        expect(Math.max(...lines.map(widthOf))).toBeLessThan(columns);
      }
    }
  });

  it('leaves the sample out of a low terminal and cuts what is left', () => {
    expect(draw(halfway(), 80, 12).join('\n')).not.toContain('truth');
    expect(draw(halfway(), 80, 5)).toHaveLength(4);
  });

  it('has no control codes without colour', () => {
    expect(draw(halfway()).join('')).not.toContain('\u001b');
  });

  it('draws half cells in the bar', () => {
    expect(bar(0.5, 8, 'none')).toBe('━━━━────');
    expect(bar(0.45, 10, 'none')).toBe('━━━━╸─────');
    expect([bar(0, 3, 'none'), bar(1, 3, 'none')]).toEqual(['───', '━━━']);
  });
});

describe('state', () => {
  it('tells the time left by the speed since the first report', () => {
    // 320 steps took 10 s, 320 are left.
    expect(msLeft(runningStage(halfway())!, 13_000)).toBe(10_000);
    const fresh = beginStage(startState([], 0), 'a', 0);
    expect(msLeft(runningStage(fresh)!, 5000)).toBeUndefined();
    const one = takeProgress(fresh, { done: 0, total: 10 }, 0);
    expect(msLeft(runningStage(one)!, 5000)).toBeUndefined();
  });

  it('puts an unplanned stage before those to come', () => {
    const state = beginStage(beginStage(startState(['a', 'c'], 0), 'a', 0), 'b', 1);
    expect(state.stages.map(({ title }) => title)).toEqual(['a', 'b', 'c']);
    expect(state.stages[0]?.endedMs).toBe(1);
  });

  it('bounds its memory and keeps the whole history in view', () => {
    let state = beginStage(startState([], 0), 'a', 0);
    for (let i = 0; i < 5000; i++) {
      state = takeProgress(state, { done: i, total: 5000, fields: { loss: i } }, i);
    }
    const { loss } = runningStage(state)?.history ?? {};
    const history = loss?.values ?? [];
    expect(history.length).toBeLessThanOrEqual(512);
    // Sixteen reports an entry: the first is the mean of 0 to 15, all steps are equal.
    expect(history.slice(0, 3)).toEqual([7.5, 23.5, 39.5]);
    expect(history.at(-1)).toBe(16 * (history.length - 1) + 7.5);
    expect(history.length).toBe(312);
  });
});

describe('picture', () => {
  it('gives upper and lower pixel their own colour', () => {
    const tile = new Uint8Array([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]);
    expect(picture(tile, 2, 2, 'truecolor')).toEqual([
      '\u001b[38;2;255;0;0;48;2;0;0;255m▀\u001b[38;2;0;255;0;48;2;9;9;9m▀\u001b[0m',
    ]);
  });

  it('averages the pixels of a cell', () => {
    const tile = new Uint8Array(4 * 4 * 3).map((_, i) => (Math.floor(i / 3) % 2) * 100);
    expect(picture(tile, 4, 2, 'truecolor')[0]).toContain('38;2;50;50;50;48;2;50;50;50');
  });

  it('falls back to 256 colours and to none', () => {
    expect(nearest256([255, 0, 0])).toBe(196);
    expect(nearest256([128, 128, 128])).toBe(244);
    expect(picture(sample.tile, 4, 2, '256')).toEqual([
      `${'\u001b[38;5;239;48;5;239m▀'.repeat(2)}\u001b[0m`,
    ]);
    expect(picture(sample.tile, 4, 2, 'ansi')).toEqual([]);
    expect(picture(new Uint8Array(3), 4, 2, 'truecolor')).toEqual([]);
  });
});

describe('sampleSentence', () => {
  it('is one harmless line', () => {
    const text = sampleSentence({
      ...sample,
      answer: { country: 'a\u001b[31m\nb' },
      distanceKm: null,
    });
    expect(text).toBe(
      'sample: truth Russia > Krasnoyarsk Krai > Norilsk > 69.35, 88.20; model a [31m b; no coordinate',
    );
  });
});
