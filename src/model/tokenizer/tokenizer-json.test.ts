import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GeorError } from '../../core/index.ts';
import { loadTokenizer, trainTokenizer } from './index.ts';

const json = trainTokenizer(['Japan Japan'], { vocabSize: 270, specialTokens: ['<a>', '<b>'] });

/** The message with which loading fails; a failure of any other kind fails the test. */
function refusal(file: unknown): string {
  try {
    loadTokenizer(file);
  } catch (error) {
    expect(error).toBeInstanceOf(GeorError);
    expect((error as GeorError).code).toBe('data');
    return (error as GeorError).message;
  }
  return 'accepted';
}

describe('a tokenizer.json', () => {
  it('that nobody damaged is accepted', () => {
    expect(refusal(json)).toBe('accepted');
    expect(json.model.merges).toContainEqual(['J', 'a']);
  });

  it.each([[undefined], [null], ['{}'], [[]], [{}]])('that is %j is refused', (file) => {
    expect(refusal(file)).toMatch(/^tokenizer.json: /);
  });

  // biome-ignore lint/suspicious/noExplicitAny: damaging a file is what types are there to prevent
  it.each<[string, (file: any) => void, RegExp]>([
    ['no model', (file) => delete file.model, /model: /],
    ['another model', ({ model }) => Object.assign(model, { type: 'Unigram' }), /model.type/],
    ['a word suffix', ({ model }) => Object.assign(model, { end_of_word_suffix: '$' }), /suffix/],
    ['a list of words', ({ model }) => Object.assign(model, { vocab: [] }), /vocab: not a map/],
    ['a huge id', ({ model }) => Object.assign(model.vocab, { x: 2 ** 32 }), /vocab: not a map/],
    ['a negative id', ({ model }) => Object.assign(model.vocab, { x: -1 }), /vocab: not a map/],
    ['an id twice', ({ model }) => Object.assign(model.vocab, { xyz: 260 }), /the same id/],
    ['a missing byte', ({ model }) => delete model.vocab.x, /lacks byte 120/],
    ['an unknown merge', ({ model }) => model.merges.push(['xy', 'z']), /merge \["xy","z"\]/],
    ['a merge into nothing', ({ model }) => model.merges.push(['q', '#']), /merge \["q","#"\]/],
    ['a merge of three', ({ model }) => Object.assign(model, { merges: ['J a p'] }), /"J a p"/],
    ["another token's id", (file) => Object.assign(file.added_tokens[0], { id: 99 }), /"<a>" has/],
    ['a token added twice', (file) => file.added_tokens.push(file.added_tokens[0]), /repeated/],
    ['two tokens of one id', (file) => file.added_tokens.push(...twins), /"<d>" has the id/],
    ['an empty token', (file) => Object.assign(file.added_tokens[0], { content: '' }), /content/],
    ['a bad split', (file) => setRegex(file, '('), /"\(" may not run: its brackets/],
    ['a worse split', (file) => setRegex(file, '[b-a]'), /cannot be/],
    [
      'a nest of 20,000 splits',
      (file) => Object.assign(file, { pre_tokenizer: nest }),
      /cannot be/,
    ],
    ['a split without end', (file) => setRegex(file, '(a+)+$'), /"\(a\+\)\+\$" may not run/],
    ['another decoder', (file) => Object.assign(file.decoder, { type: 'Fuse' }), /decoder.type/],
    ['a bad normaliser', (file) => Object.assign(file, { normalizer: { type: 'X' } }), /cannot be/],
    ['a bad template', (file) => Object.assign(file, { post_processor: template }), /cannot be/],
  ])('with %s is refused', (_, damage, message) => {
    const file = structuredClone(json);
    damage(file);
    expect(refusal(file)).toMatch(message);
  });

  it('never fails with anything but a GeorError', () => {
    const model = { type: fc.constant('BPE'), vocab: fc.jsonValue(), merges: fc.jsonValue() };
    const parts = fc.record(
      {
        added_tokens: fc.jsonValue(),
        normalizer: fc.jsonValue(),
        pre_tokenizer: fc.jsonValue(),
        post_processor: fc.jsonValue(),
        decoder: fc.jsonValue(),
        model: fc.oneof(fc.jsonValue(), fc.record(model)),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.boolean(), parts, (isGrafted, value) => {
        expect(refusal(isGrafted ? { ...json, ...value } : value)).toBeTypeOf('string');
      }),
    );
  });
});

const split = (file: typeof json): object =>
  (file.pre_tokenizer as unknown as { pretokenizers: object[] }).pretokenizers[0] as object;

const setRegex = (file: typeof json, Regex: string): object =>
  Object.assign(split(file), { pattern: { Regex } });

let nest: object = { type: 'ByteLevel', add_prefix_space: false, use_regex: false };
for (let i = 0; i < 20_000; i++) nest = { type: 'Sequence', pretokenizers: [nest] };

const twins = ['<c>', '<d>'].map((content) => ({ id: 999, content }));

const template = { type: 'TemplateProcessing' }; // without its parts: fails when it runs
