/**
 * The answer of `POST /v1/rewards` as text.
 *
 * Written by hand, for a step of training asks for a thousand rows, most of whose time would go into
 * `JSON.stringify`: it writes the same double anew each time it stands in a row, three times for Geo-R.
 * @module
 */
import type { RewardSample } from './protocol.ts';
import { reasonOf, type ScoredSamples } from './score.ts';

/**
 * The same text as `JSON.stringify({ v: 1, config, rewards: rowsOf(scored) })`. A -0 is written as JSON
 * writes it, 0.
 */
export function responseJson(config: string, scored: ScoredSamples): string {
  const { samples, total, parts, distanceKm, coordinates, groupSeen } = scored;
  const columns = parts.map(([name, scores], i) => ({
    head: `${i === 0 ? '' : ','}${JSON.stringify(name)}:`,
    scores,
  }));
  // what clients most ask for stands beside the reward too
  const distances = parts.find(([name]) => name === 'distance')?.[1];
  const formats = parts.find(([name]) => name === 'format')?.[1];
  let text = `{"v":1,"config":${quoted(config)},"rewards":[`;
  let lastGroup: RewardSample['group'];
  let groupText = '';
  for (let i = 0; i < samples.length; i++) {
    const { id, group, member } = samples[i]!;
    text += i === 0 ? `{"id":${label(id)}` : `,{"id":${label(id)}`;
    if (group != null) {
      // members of a group mostly stand together
      if (group !== lastGroup) groupText = `,"group":${label(group)}`;
      lastGroup = group;
      text += groupText;
    }
    if (member != null) text += `,"member":${member}`;
    const reward = total[i]!;
    const rewardText = `${reward}`;
    text += `,"reward":${rewardText}`;
    if (reward === null) text += `,"unscored":${quoted(reasonOf(scored, i))}`;
    const distance = distances?.[i];
    const distanceText = distance === reward ? rewardText : `${distance}`;
    if (distances) text += `,"distance":${distanceText}`;
    if (formats) text += `,"format":${formats[i]}`;
    const at = coordinates[i];
    text += `,"distance_km":${distanceKm[i]},"parsed":`;
    text += at ? `{"lat":${at.lat},"lon":${at.lon}},"parts":{` : 'null,"parts":{';
    for (const { head, scores } of columns)
      text += head + (scores === distances ? distanceText : scores[i]);
    text += `},"group_seen":${groupSeen[i]}}`;
  }
  return `${text}]}`;
}

const label = (value: string | number): string =>
  typeof value === 'string' ? quoted(value) : `${value}`;

const PLAIN = /^[ !#-[\]-~]*$/;

/** As `JSON.stringify`, which takes longer for names that need no escape. */
const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));
