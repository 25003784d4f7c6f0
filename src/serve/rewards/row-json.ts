/**
 * The answer of `POST /v1/rewards` as text.
 *
 * Written by hand, for a step of training asks for a thousand rows, most of whose time would go into
 * `JSON.stringify`: it writes the same double anew each time it stands in a row, three times for Geo-R.
 * @module
 */
import type { RewardRow, RewardsResponse } from './protocol.ts';

/** The same text as `JSON.stringify(response)`. */
export function responseJson({ v, config, rewards }: RewardsResponse): string {
  const rows = rewards.map(rowJson);
  return `{"v":${v},"config":${JSON.stringify(config)},"rewards":[${rows.join(',')}]}`;
}

/** Numbers are finite, see `scoreSamples`; -0 is written as JSON writes it, 0. */
function rowJson(row: RewardRow): string {
  const { reward, distance_km, parsed, parts, group_seen } = row;
  let text = `{"id":${label(row.id)}`;
  if (row.group !== undefined) text += `,"group":${label(row.group)}`;
  if (row.member !== undefined) text += `,"member":${row.member}`;
  text += `,"reward":${reward}`;
  if (row.unscored !== undefined) text += `,"unscored":${JSON.stringify(row.unscored)}`;
  if (row.distance !== undefined) text += `,"distance":${row.distance}`;
  if (row.format !== undefined) text += `,"format":${row.format}`;
  text += `,"distance_km":${distance_km},"parsed":`;
  text += parsed ? `{"lat":${parsed.lat},"lon":${parsed.lon}}` : 'null';
  let separator = ',"parts":{';
  for (const part in parts) {
    text += `${separator}${JSON.stringify(part)}:${parts[part]}`;
    separator = ',';
  }
  if (separator !== ',') text += separator;
  return `${text}},"group_seen":${group_seen}}`;
}

const label = (value: string | number): string =>
  typeof value === 'string' ? JSON.stringify(value) : `${value}`;
