import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ProcessEvents } from './cursor.ts';
import { createDisplay, type DisplayOptions } from './display.ts';
import { CONTROL } from './terminal.ts';

class FakeProcess extends EventEmitter {
  readonly pid = 42;
  readonly killed: string[] = [];

  kill(_pid: number, signal: string): void {
    this.killed.push(signal);
  }
}

const setUp = (isTty: boolean, more: Partial<DisplayOptions> = {}) => {
  const writes: string[] = [];
  const clock = { ms: 0 };
  const fake = new FakeProcess();
  const display = createDisplay({
    stream: { write: (text: string) => writes.push(text) },
    isTty,
    columns: 80,
    now: () => clock.ms,
    environment: { TERM: 'xterm-256color' },
    tickMs: 0,
    events: fake as unknown as ProcessEvents,
    ...more,
  });
  return { display, writes, clock, fake };
};

const sample = {
  tile: new Uint8Array(12),
  sizePx: 2,
  truth: { country: 'Chile' },
  answer: { country: 'Peru' },
  distanceKm: 900,
};

describe('a display without a terminal', () => {
  it('calls a stage that did not come to its end stopped, not done', () => {
    const { display, writes, clock } = setUp(false);
    display.stage('SFT');
    display.progress({ done: 30, total: 300, fields: {} });
    clock.ms = 5000;
    display.done();
    expect(writes.join('')).toContain('SFT stopped after 5 s');
    expect(writes.join('')).not.toContain('done in');
  });

  it('writes a plain line now and then, and nothing that is not text', () => {
    const { display, writes, clock, fake } = setUp(false, { plan: ['SFT'] });
    display.stage('SFT');
    for (let i = 0; i <= 300; i++) {
      clock.ms = i * 100;
      display.progress({ done: i, total: 300, fields: { loss: 3 - i / 150 } });
      if (i % 75 === 0) display.showSample(sample);
    }
    display.note('half \u001b[31mred');
    display.endStage('loss 1.00');
    display.table([
      ['a', '1'],
      ['b', '22'],
    ]);
    display.done('report.html');
    display.note('too late');
    expect(`\n${writes.join('')}`).toMatchInlineSnapshot(`
      "
      [         0 s] SFT
      [         0 s] sample: truth Chile; model Peru; 900 km off
      [        10 s] SFT 100/300 (33 %), loss 2.33, 20 s left
      [        15 s] sample: truth Chile; model Peru; 900 km off
      [        20 s] SFT 200/300 (66 %), loss 1.67, 10 s left
      [        30 s] SFT 300/300 (100 %), loss 1
      [        30 s] sample: truth Chile; model Peru; 900 km off
      [        30 s] half  [31mred
      [        30 s] SFT done in 30 s: loss 1.00
        a      1
        b     22
      [        30 s] report.html
      "
    `);
    expect(writes.join('')).not.toContain('\u001b');
    expect(fake.eventNames()).toEqual([]);
  });
});

describe('a located tile', () => {
  it('is a line of the log', () => {
    const { display, writes } = setUp(false);
    display.keepSample(sample);
    expect(writes.join('')).toContain('located: truth Chile; model Peru; 900 km off\n');
  });

  it('stays above the block on a terminal, in place of the passing sample', () => {
    const { display, writes } = setUp(true);
    display.stage('SFT');
    display.showSample(sample);
    display.keepSample({ ...sample, answer: { country: 'Bolivia' } });
    const kept = writes.at(-1)!;
    expect(kept).toContain('Bolivia');
    expect(kept).not.toContain('model now');
    display.note('later');
    expect(writes.at(-1)).not.toContain('Bolivia');
    expect(writes.at(-1)).not.toContain('Peru');
  });
});

describe('a display on a terminal', () => {
  it('writes once per frame and no more often than its rate', () => {
    const { display, writes, clock } = setUp(true);
    display.stage('SFT');
    writes.length = 0;
    for (let ms = 1; ms <= 1000; ms++) {
      clock.ms = ms;
      display.progress({ done: ms, total: 1000 });
    }
    expect(writes).toHaveLength(10);
    for (const write of writes) {
      expect(write.startsWith(CONTROL.beginFrame)).toBe(true);
      expect(write.endsWith(CONTROL.endFrame)).toBe(true);
    }
  });

  it('goes up as many lines as it drew, and erases the rest of each', () => {
    const { display, writes } = setUp(true);
    display.stage('SFT');
    display.note('kept');
    const [first = '', second = ''] = writes;
    const lines = first.split('\n').length - 1;
    expect(lines).toBe(3);
    expect(second).toContain(`${CONTROL.up(lines)}\r  kept${CONTROL.clearLine}\n`);
    expect(
      second
        .split('\n')
        .every((line) => line.endsWith(CONTROL.clearLine) || line.endsWith(CONTROL.endFrame)),
    ).toBe(true);
  });

  it('goes up more rows after the window has become narrower', () => {
    let columns = 80;
    const { display, writes } = setUp(true, { columns: () => columns });
    display.stage('SFT');
    columns = 40;
    display.note('x');
    // Two empty lines and one of 79 cells, now two rows.
    expect(writes[1]).toContain(CONTROL.up(4));
  });

  it('hides the cursor once and gives it back when done', () => {
    const { display, writes, fake } = setUp(true);
    display.stage('SFT');
    display.done('ok');
    const all = writes.join('');
    expect(all.split(CONTROL.hideCursor)).toHaveLength(2);
    expect(all.split(CONTROL.showCursor)).toHaveLength(2);
    expect(all.lastIndexOf(CONTROL.showCursor)).toBeGreaterThan(
      all.lastIndexOf(CONTROL.hideCursor),
    );
    expect(fake.eventNames()).toEqual([]);
  });

  it('gives the cursor back on Ctrl-C, and lets the signal do its work', () => {
    const { display, writes, fake } = setUp(true);
    display.stage('SFT');
    fake.emit('SIGINT');
    expect(writes.at(-1)).toContain(CONTROL.showCursor);
    expect(fake.killed).toEqual(['SIGINT']);
    expect(fake.eventNames()).toEqual([]);
  });

  it('leaves a signal to a handler that is there already', () => {
    const { display, fake } = setUp(true);
    fake.on('SIGINT', () => undefined);
    display.stage('SFT');
    fake.emit('SIGINT');
    expect(fake.killed).toEqual([]);
  });

  it('gives the cursor back at exit', () => {
    const { display, writes, fake } = setUp(true);
    display.stage('SFT');
    fake.emit('exit');
    expect(writes.at(-1)).toContain(CONTROL.showCursor);
  });

  it('has shapes but no colour under NO_COLOR', () => {
    const { display, writes } = setUp(true, {
      environment: { NO_COLOR: '1', COLORTERM: 'truecolor' },
    });
    display.stage('SFT');
    display.progress({ done: 1, total: 2, fields: { loss: 1 } });
    display.showSample(sample);
    display.done();
    const sequences = writes.join('').replaceAll(CONTROL.reset, '').split('\u001b[').slice(1);
    expect(sequences.filter((rest) => /^[0-9;]*m/.test(rest))).toEqual([]);
    expect(sequences).not.toEqual([]);
  });
});
