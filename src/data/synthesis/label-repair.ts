/**
 * What a source says of a place against what its coordinate says.
 *
 * Source: Geo-R, section 4.1: the labels of MP16-Pro miss levels and mix languages and formats, so
 * they are derived anew from the coordinates. The row always gets the canonical name; this counts
 * what was wrong with the one it replaces.
 * @module
 */
import { isSameName } from '../../chain/index.ts';
import {
  forwardGeocode,
  type Gazetteer,
  isSamePlaceName,
  type Place,
  type PlaceNames,
} from '../../geo/index.ts';
import { LABEL_ROLES, type LabelRole } from '../sources/columns.ts';

/**
 * How a label compares with the canonical name.
 *
 * - `agrees`: the same name but for case, accents and punctuation.
 * - `missing`: no label where there is a name.
 * - `language`: a name the place has in another language or form, or one in another script.
 * - `contradictory`: the name of another place, or one that nothing here is known by.
 * - `dropped`: a label where the coordinate gives no name, e.g. a city far from any town.
 */
export type LabelFinding = 'agrees' | 'missing' | 'language' | 'contradictory' | 'dropped';

/** Findings per level, counted. */
export type LabelCounts = { [level in LabelRole]?: { [finding in LabelFinding]?: number } };

const OTHER_SCRIPT = /(?!\p{Script=Latin})\p{L}/u;

const MOST_REMEMBERED = 50_000;

/** Compares labels with places. Remembers names, since few of them make up most rows. */
export class LabelJudge {
  readonly #gazetteer: Gazetteer;
  readonly #known = new Map<string, LabelFinding>();

  /** @param gazetteer - knows the names of places in other languages */
  constructor(gazetteer: Gazetteer) {
    this.#gazetteer = gazetteer;
  }

  /** The finding for one level; nothing when neither side has a name. */
  judge(level: LabelRole, label: string, place: Place): LabelFinding | undefined {
    const name = place[level];
    if (name === undefined) return label === '' ? undefined : 'dropped';
    if (label === '') return 'missing';
    if (label === name) return 'agrees';
    const key = `${level}\t${place.countryCode}\t${name}\t${label}`;
    let finding = this.#known.get(key);
    if (finding === undefined) {
      finding = this.#compare(level, label, name, place);
      if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
      this.#known.set(key, finding);
    }
    return finding;
  }

  #compare(level: LabelRole, label: string, name: string, place: Place): LabelFinding {
    const isCountry = level === 'country';
    if (isSameName(label, name, isCountry)) return 'agrees';
    const within = isCountry ? undefined : place.countryCode;
    if (isSamePlaceName(this.#gazetteer, level, label, name, within)) return 'language';
    if (!OTHER_SCRIPT.test(label)) return 'contradictory';
    // A name in another script that the gazetteer does not know can only be taken at its word.
    const query: PlaceNames = { country: place.country, [level]: label };
    const known = forwardGeocode(this.#gazetteer, query)?.level === level;
    return known ? 'contradictory' : 'language';
  }
}

/** Adds what a row's labels show to the counts. */
export function countLabels(
  counts: LabelCounts,
  judge: LabelJudge,
  labels: PlaceNames,
  place: Place,
): void {
  for (const level of LABEL_ROLES) {
    const label = labels[level];
    if (label === undefined) continue;
    const finding = judge.judge(level, label, place);
    if (finding === undefined) continue;
    counts[level] ??= {};
    const ofLevel = counts[level];
    ofLevel[finding] = (ofLevel[finding] ?? 0) + 1;
  }
}
