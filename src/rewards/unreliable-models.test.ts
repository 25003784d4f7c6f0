/**
 * A judge that fails 5 % of its calls, hangs on 1 % and answers out of order:
 * every sample is scored or says why not, and from the cache the result is the same again.
 */
import { describe, expect, it } from 'vitest';
import { memoryCache, random } from '../core/index.ts';
import { cachedJudge, endpointJudge, globeReward } from './index.ts';

const SAMPLES = Number(process.env['GEOR_SAMPLES'] ?? 600);

const finland = { country: 'Finland', city: 'Helsinki' };
const batch = {
  completions: Array.from(
    { length: SAMPLES },
    (_, i) => `<think>Clue ${i}.</think>\n<answer>country: Finland\ncity: Helsinki</answer>`,
  ),
  targets: Array.from({ length: SAMPLES }, () => ({ lat: 60.17, lon: 24.94 })),
  places: Array.from({ length: SAMPLES }, () => finland),
};
/** P(yes) of a sample: its own, so that a mix-up shows. */
const yes = (sample: number): number => (sample + 1) / (SAMPLES + 1);
type Fate = 'fails' | 'hangs' | 'answers';
const fateOf = (sample: number): Fate => {
  const draw = random('unreliable', sample).uniform();
  return draw < 0.05 ? 'fails' : draw < 0.06 ? 'hangs' : 'answers';
};
const fates = batch.completions.map((_, sample) => fateOf(sample));
const count = (fate: Fate): number => fates.filter((own) => own === fate).length;

/** The body of an answer: errors, web pages and torn JSON in turn where it fails. */
function answerTo(sample: number): Response {
  if (fateOf(sample) === 'fails') {
    const kind = sample % 3;
    const body = ['oops', '<html>try later</html>', '{"choices":[{"mess'][kind];
    return new Response(body, { status: kind === 0 ? 500 : 200 });
  }
  const top_logprobs = [
    { token: 'Yes', logprob: Math.log(yes(sample)) },
    { token: 'No', logprob: Math.log1p(-yes(sample)) },
  ];
  const choice = { message: { content: 'Yes' }, logprobs: { content: [{ top_logprobs }] } };
  return new Response(JSON.stringify({ choices: [choice] }));
}

/** A server in place of `fetch`: of the calls under way the last is answered first. */
function stub() {
  const deadlines = new Map<AbortSignal, AbortController>();
  const waiting: (() => void)[] = [];
  let calls = 0;
  const options = {
    baseUrl: 'http://judge.test/v1',
    model: 'stub',
    concurrency: 16,
    timeoutMs: 1000,
    deadline: () => {
      const controller = new AbortController();
      deadlines.set(controller.signal, controller);
      return controller.signal;
    },
    fetch: ((_url, init) => {
      calls++;
      const sample = Number(/Clue (\d+)\./.exec(String(init?.body))?.[1]);
      const signal = init?.signal;
      return new Promise<Response>((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
        const isHanging = fateOf(sample) === 'hangs';
        const timeout = new DOMException('too late', 'TimeoutError');
        waiting.push(() => {
          if (isHanging && signal) deadlines.get(signal)?.abort(timeout);
          else resolve(answerTo(sample));
        });
        setImmediate(() => waiting.pop()?.());
      });
    }) satisfies typeof fetch,
  };
  return { options, calls: () => calls };
}

describe('an unreliable judge', () => {
  it('leaves every sample scored or unscored with a reason, twice the same', async () => {
    const { options, calls } = stub();
    const judge = cachedJudge(endpointJudge(options), memoryCache());
    const reward = globeReward({
      judge,
      weights: { accuracy: 1, localizability: 1, grounding: 0 },
    });
    const first = await reward(batch);
    for (const [sample, fate] of fates.entries()) {
      const [total, reason] = [first.total[sample], first.unscored[sample]];
      if (fate === 'answers') {
        expect(total).toBeCloseTo(1 + yes(sample), 9);
        expect(reason).toBeNull();
      } else {
        expect(total).toBeNull();
        expect(reason).toMatch(
          fate === 'hangs' ? /not answer within 1 s/ : /answered (500|no JSON)/,
        );
      }
    }
    expect(calls()).toBe(SAMPLES);
    // what was answered comes from the cache; what failed is asked again
    const second = await reward(batch);
    expect(calls()).toBe(SAMPLES + count('fails') + count('hangs'));
    expect(second.total).toEqual(first.total);
    expect(second.parts).toEqual(first.parts);
    expect(second.unscored).toEqual(first.unscored);
    expect([count('fails'), count('hangs')].every((number) => number > 0)).toBe(true);
    process.stderr.write(
      `unreliable judge: ${SAMPLES} samples, ${count('answers')} scored, ` +
        `${count('fails')} failed, ${count('hangs')} timed out\n`,
    );
  });
});
