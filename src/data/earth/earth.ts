/**
 * The picture of the whole Earth, and its reductions for cutting tiles without aliasing.
 *
 * Source: NASA Blue Marble (public domain), 4096 x 2048 pixels, equirectangular: x runs from 180
 * degrees west to 180 degrees east, y from the north pole to the south pole.
 * @module
 */
import { invariant } from '../../core/index.ts';
import type { Picture } from '../picture.ts';
import { halved, halvedWidth } from './box-filter.ts';

/** An equirectangular picture of the Earth that can be read at several resolutions. */
export interface Earth {
  /** The picture as it came. */
  readonly base: Picture;
  /**
   * The picture with its width divided by `2 ** across` and its height by `2 ** down`, made on first
   * use by exact box averages and kept. A width is at least divided as often as a height, because
   * towards the poles a tile spans more columns than rows.
   */
  reduced(across: number, down: number): Picture;
}

/** How often a picture is halved at most: the most squeezed tile geor cuts needs five. */
export const MAX_HALVINGS = 6;

/** How often every picture must allow to be halved: enough for 1,600 columns and tiles of 56. */
const MIN_HALVINGS = 3;

/** How often both sides can be halved without a rest. */
const halvingsOf = ({ width, height }: Picture): number => {
  let depth = 0;
  while (depth < MAX_HALVINGS && ((width | height) >> depth) % 2 === 0) depth++;
  return depth;
};

/**
 * An {@link Earth} from any equirectangular picture. It is reduced as far as its sides divide by two,
 * {@link MAX_HALVINGS} times at most.
 *
 * @param base - width and height divisible by 8
 */
export function earthFrom(base: Picture): Earth {
  const deepest = halvingsOf(base);
  invariant(
    deepest >= MIN_HALVINGS,
    `an Earth picture needs sides divisible by ${1 << MIN_HALVINGS}`,
  );
  const made = new Map<number, Picture>();
  const reduced = (across: number, down: number): Picture => {
    if (across === 0) return base;
    const key = across * (MAX_HALVINGS + 1) + down;
    let picture = made.get(key);
    if (!picture) {
      picture =
        across > down
          ? halvedWidth(reduced(across - 1, down))
          : halved(reduced(across - 1, down - 1));
      made.set(key, picture);
    }
    return picture;
  };
  return {
    base,
    reduced: (across, down) => {
      invariant(
        Number.isInteger(across) && Number.isInteger(down) && 0 <= down && down <= across,
        `cannot reduce the Earth by ${across} across and ${down} down`,
      );
      return reduced(Math.min(across, deepest), Math.min(down, deepest));
    },
  };
}
