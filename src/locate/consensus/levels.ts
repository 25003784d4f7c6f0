/**
 * The chain that most samples support: each level voted inside the one above.
 *
 * Votes for a region count only from samples that name the winning country, and so on down, so that
 * the chain is one that was really said: country from some samples and city from others never mix.
 * @module
 */
import { foldName } from '../../chain/index.ts';
import { LEVELS, type Level, type LocatedSample } from '../sample.ts';

/** A name and how many samples give it. */
export interface NameVotes {
  readonly name: string;
  readonly votes: number;
}

/** A level of the chain. */
export interface LevelSupport extends NameVotes {
  readonly level: Level;
  /** Samples that were asked for and came, readable or not. */
  readonly of: number;
  /** Other names under the same parent, the most votes first. */
  readonly others: readonly NameVotes[];
}

/** The first level on which too few samples agree, with what they name. */
export interface Undecided {
  readonly level: Level;
  readonly of: number;
  /** The most votes first. */
  readonly names: readonly NameVotes[];
}

/** A voted chain, and where agreement ends. */
export interface VotedChain {
  readonly levels: readonly LevelSupport[];
  readonly undecided: Undecided | null;
}

/** A name that fewer samples give is no answer: less than this share of all, or a single one. */
export const LEAST_SUPPORT: number = 1 / 3;

/**
 * Votes a chain. It ends at the first level that no sample of the winning branch names, or on which
 * too few agree.
 *
 * Of names with equal votes the one wins whose samples have more in common below, then the one said
 * first.
 *
 * @param of - what counts as all; the number of samples when left out
 */
export function voteLevels(
  samples: readonly Pick<LocatedSample, 'names'>[],
  of: number = samples.length,
): VotedChain {
  const chain: LevelSupport[] = [];
  let undecided: Undecided | null = null;
  let branch = samples;
  for (const [depth, level] of LEVELS.entries()) {
    const groups = groupsOf(branch, level);
    const [winner, ...others] = groups.sort(
      (a, b) =>
        b.samples.length - a.samples.length ||
        mostCommon(b.samples, LEVELS[depth + 1]) - mostCommon(a.samples, LEVELS[depth + 1]),
    );
    if (!winner) break;
    const votes = winner.samples.length;
    if (of > 1 && (votes === 1 || votes < of * LEAST_SUPPORT)) {
      undecided = { level, of, names: [winner, ...others].map(votesOf) };
      break;
    }
    chain.push({
      level,
      name: winner.name,
      votes,
      of,
      others: others.map(votesOf),
    });
    branch = winner.samples;
  }
  return { levels: chain, undecided };
}

const votesOf = ({ name, samples }: Group): NameVotes => ({ name, votes: samples.length });

interface Group {
  readonly name: string;
  readonly samples: Pick<LocatedSample, 'names'>[];
}

/** Samples by what they name at a level, in the order in which the names first come. */
function groupsOf(samples: readonly Pick<LocatedSample, 'names'>[], level: Level): Group[] {
  const groups = new Map<string, Group>();
  for (const sample of samples) {
    const name = sample.names[level];
    if (name === undefined) continue;
    const key = foldName(name) || name;
    const group = groups.get(key);
    if (group) group.samples.push(sample);
    else groups.set(key, { name, samples: [sample] });
  }
  return [...groups.values()];
}

const mostCommon = (
  samples: readonly Pick<LocatedSample, 'names'>[],
  level: Level | undefined,
): number =>
  level === undefined
    ? 0
    : Math.max(0, ...groupsOf(samples, level).map((group) => group.samples.length));
