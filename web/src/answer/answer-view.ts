/**
 * The answer: the chain from country to point, as it is written and as it stands in the end.
 *
 * The list is the result; the globe only draws it. Names and numbers are text, votes are said in
 * words as well as drawn.
 * @module
 */
import { type Child, fill, h, icon } from '../shared/dom.ts';
import type { Point } from '../shared/events.ts';
import { degreesText, kmText, sentence, votesText } from '../shared/text.ts';
import type { Finding, ShownLevel } from './finding.ts';
import { partialChain } from './partial-chain.ts';

const TITLES = { country: 'Country', region: 'Region', city: 'City', point: 'Point' } as const;

const title = (level: keyof typeof TITLES): HTMLElement =>
  h('span', { class: 'level-title' }, TITLES[level]);

const votesBar = ({ votes, of }: { votes: number; of: number }): Child =>
  of > 1 &&
  h(
    'span',
    { class: 'votes' },
    h(
      'span',
      { class: 'pips', 'aria-hidden': 'true' },
      Array.from({ length: of }, (_, i) => h('i', { class: i < votes ? 'on' : '' })),
    ),
    votesText(votes, of),
  );

const levelItem = (level: ShownLevel): HTMLElement =>
  h(
    'li',
    { class: `station ${level.level}` },
    title(level.level),
    h('span', { class: level.candidates ? 'level-name undecided' : 'level-name' }, level.name),
    votesBar(level),
    level.candidates && h('span', { class: 'candidates' }, `Said: ${level.candidates.join(', ')}`),
    level.doubt &&
      h('span', { class: 'doubt' }, icon('M12 8v5m0 3v.5M12 3 2.5 20h19z'), level.doubt),
  );

/** The view of one question's answer. */
export interface AnswerView {
  readonly element: HTMLElement;
  /** While nothing can be shown yet. */
  waiting(words: string): void;
  /** A text in the making. */
  writing(text: string, done: number, of: number): void;
  /** The answer. */
  finished(finding: Finding): void;
  failed(message: string, hint: string | undefined, actions?: readonly Child[]): void;
  clear(): void;
}

/** Makes the view; `onSample` is told which sample was chosen in the list. */
export function answerView(onSample: (point: Point) => void): AnswerView {
  const body = h('div', { class: 'answer-body' });
  const status = h('p', { class: 'unseen', role: 'status' });
  const heading = h('h2', { id: 'answer-title', tabindex: '-1' }, 'Answer');
  const element = h(
    'section',
    { class: 'answer', id: 'answer', 'aria-labelledby': 'answer-title', hidden: true },
    heading,
    status,
    body,
  );
  let said = '';
  const say = (words: string): void => {
    if (words !== said) status.textContent = words;
    said = words;
  };
  const open = (state: string, words: string): void => {
    element.hidden = false;
    element.dataset['state'] = state;
    heading.textContent = words;
  };

  return {
    element,
    waiting(words) {
      open('waiting', 'Looking');
      fill(
        body,
        h(
          'p',
          { class: 'waiting' },
          h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
          words,
        ),
      );
      say(words);
    },
    writing(text, done, of) {
      open('writing', 'Looking');
      const { levels, reasons } = partialChain(text);
      fill(
        body,
        reasons && h('p', { class: 'reasons' }, reasons.slice(-280)),
        h(
          'ol',
          { class: 'chain' },
          levels.map(({ level, text: words, isWhole }) =>
            h(
              'li',
              { class: `station ${level}` },
              title(level),
              h(
                'span',
                { class: 'level-name' },
                words,
                !isWhole && h('i', { class: 'caret', 'aria-hidden': 'true' }),
              ),
            ),
          ),
        ),
        of > 1 && h('p', { class: 'quiet' }, `${done} of ${of} answers finished`),
      );
      const last = levels.findLast(({ isWhole }) => isWhole);
      if (last) say(`${TITLES[last.level]}: ${last.text}`);
    },
    finished(finding) {
      open('finished', finding.headline);
      fill(body, finishedBody(finding, onSample));
      say(`Answer: ${finding.sentence}`);
    },
    failed(message, hint, actions = []) {
      open('failed', 'No answer');
      fill(
        body,
        h(
          'div',
          { class: 'notice' },
          h('p', {}, sentence(message)),
          hint && h('p', { class: 'quiet' }, sentence(hint)),
          actions,
        ),
      );
      say(message);
    },
    clear() {
      element.hidden = true;
      fill(body);
      say('');
    },
  };
}

function finishedBody(finding: Finding, onSample: (point: Point) => void): readonly Child[] {
  const { levels, point, samples } = finding;
  return [
    ...finding.notes.map((note) =>
      h('p', { class: 'note' }, icon('M12 3 4 6v6c0 4.5 3.3 7.7 8 9 4.7-1.3 8-4.5 8-9V6z'), note),
    ),
    h(
      'ol',
      { class: 'chain' },
      levels.map(levelItem),
      point &&
        h(
          'li',
          { class: 'station point' },
          title('point'),
          h('span', { class: 'level-name' }, degreesText(point, finding.decimals)),
          finding.radius && h('span', { class: 'radius' }, finding.radius),
        ),
    ),
    finding.truth &&
      h(
        'p',
        { class: 'truth' },
        h('strong', {}, kmText(finding.truth.distanceKm)),
        ` from where the tile was cut, ${degreesText(finding.truth.point)}.`,
      ),
    finding.clues.length > 0 && [
      h('h3', {}, 'What it saw'),
      h(
        'ul',
        { class: 'clues' },
        finding.clues.map((clue) => h('li', {}, clue)),
      ),
    ],
    finding.asked > 1 &&
      samples.length > 0 &&
      h(
        'details',
        { class: 'samples' },
        h('summary', {}, `All ${finding.asked} answers`),
        h(
          'ol',
          {},
          samples.map(({ words, count, point: at, awayKm }) =>
            h(
              'li',
              {},
              h('span', {}, words, count > 1 && h('b', {}, ` × ${count}`)),
              at &&
                h(
                  'button',
                  { type: 'button', class: 'as-link', on: { click: () => onSample(at) } },
                  degreesText(at),
                ),
              awayKm !== undefined && h('span', { class: 'quiet' }, kmText(awayKm)),
            ),
          ),
        ),
      ),
    h('p', { class: 'quiet answered-by' }, finding.answeredBy),
    finding.mapLink &&
      h(
        'p',
        { class: 'quiet map-link' },
        'On a map outside this page: ',
        h('code', {}, finding.mapLink),
      ),
  ].flat();
}
