/**
 * GLOBE's visual grounding reward: is what the reasoning speaks of to be seen?
 *
 * Source: GLOBE (arXiv 2506.14674), visual grounding consistency reward. Two readings:
 * - `paper`: of the entities named in the reasoning, the share that is among the picture's elements
 *   (precision: what is made up costs).
 * - `released`: of the tags that come with the picture, the share that occurs in the reasoning
 *   (recall: what is left out costs), as text, case aside.
 *
 * Deviation: the paper finds the named entities with a model. Here they are the words of
 * {@link SCENE_ELEMENTS} and of the picture's own elements that occur in the reasoning, or what the
 * caller's `entitiesOf` returns. Reasoning that names nothing is grounded in nothing: 0.
 * @module
 */

import { foldName } from '../../chain/index.ts';
import type { Outcome } from '../../core/index.ts';
import type { RewardVariant } from '../reward.ts';
import { SCENE_ELEMENTS } from './scene-elements.ts';

/** How the reasoning is read. */
export interface VisualGroundingOptions {
  /** Default `paper`. */
  readonly variant?: RewardVariant;
  /** The entities that a text names; default: known words. `released` does not use it. */
  readonly entitiesOf?: (reasoning: string) => readonly string[];
}

/** Words at most in a known entity. */
const LONGEST_ENTITY = 4;

/** One form for singular and plural; both sides pass through it, so it need not be good English. */
const singular = (word: string): string =>
  word
    .replace(/ies$/, 'y')
    .replace(/(s|x|z|ch|sh)es$/, '$1')
    .replace(/(?<=[^s]{2})s$/, '');

/** An entity made comparable. */
const normal = (entity: string): string => foldName(entity).split(' ').map(singular).join(' ');

const sceneElements: ReadonlySet<string> = new Set(SCENE_ELEMENTS.map(normal));

/** The known entities in a text; where several start at one word, the longest. */
function knownEntities(text: string, own: ReadonlySet<string>): Set<string> {
  const words = foldName(text).split(' ').map(singular);
  const found = new Set<string>();
  for (let from = 0; from < words.length; from++) {
    for (let length = Math.min(LONGEST_ENTITY, words.length - from); length > 0; length--) {
      const entity = words.slice(from, from + length).join(' ');
      if (!own.has(entity) && !sceneElements.has(entity)) continue;
      found.add(entity);
      from += length - 1;
      break;
    }
  }
  return found;
}

/**
 * The grounding of one piece of reasoning.
 *
 * @param elements - what is to be seen in the picture
 * @returns [0, 1]; a failure where the reading needs elements and there are none
 */
export function visualGrounding(
  reasoning: string,
  elements: readonly string[] | null | undefined,
  { variant = 'paper', entitiesOf }: VisualGroundingOptions = {},
): Outcome<number> {
  if (!elements) return { failure: 'the picture has no list of entities' };
  if (variant === 'released') {
    const tags = new Set(elements.map((tag) => tag.trim().toLowerCase()).filter(Boolean));
    if (tags.size === 0) return { failure: 'the list of entities is empty' };
    const text = reasoning.toLowerCase();
    return { value: [...tags].filter((tag) => text.includes(tag)).length / tags.size };
  }
  const own = new Set(elements.map(normal));
  own.delete('');
  const named = entitiesOf
    ? new Set(entitiesOf(reasoning).map(normal))
    : knownEntities(reasoning, own);
  if (named.size === 0) return { value: 0 };
  return { value: [...named].filter((entity) => own.has(entity)).length / named.size };
}
