/**
 * A located picture in lines, for a person.
 * @module
 */
import type { LocatedRow, LocateRow } from '../locate/index.ts';

const LABEL = 9;
const SHOWN_OTHERS = 3;

const line = (label: string, text: string): string => `${label.padEnd(LABEL)}${text}\n`;

/** `3 km`, `41 km`, `1 240 km`; below ten with one decimal. */
export function kilometres(km: number): string {
  if (km < 9.95) return `${km.toFixed(1)} km`;
  return `${Math.round(km).toLocaleString('en').replaceAll(',', ' ')} km`;
}

const coordinate = (lat: number, lon: number): string => `${lat.toFixed(4)}, ${lon.toFixed(4)}`;

const capital = (word: string): string => `${word[0]!.toUpperCase()}${word.slice(1)}`;

/** A row as text. */
export function rowText(row: LocateRow): string {
  if ('error' in row) return line('failed', row.error.message);
  return [
    chainText(row),
    pointText(row),
    ...row.disagreements.map(({ level, says, lies, distanceKm }) =>
      line('!', disagreementText(level, says, lies, distanceKm)),
    ),
    candidatesText(row),
    row.clues.length > 0 ? line('Clues', row.clues.join('; ')) : '',
    row.mapLink === null ? '' : line('Map', row.mapLink),
  ].join('');
}

function chainText({ levels, undecided, answered, readable }: LocatedRow): string {
  if (levels.length === 0 && !undecided)
    return line(
      'No place',
      readable > 0 ? 'no answer names one' : `none of ${answered} answers could be read`,
    );
  const width = Math.max(0, ...levels.map(({ name }) => name.length));
  const agreed = levels.map(({ level, name, votes, of, others }) => {
    const aside = others.length > 0 ? `   (${votesText(others)})` : '';
    return line(capital(level), `${name.padEnd(width)}  ${votes}/${of}${aside}`);
  });
  if (undecided)
    agreed.push(line(capital(undecided.level), `no agreement: ${votesText(undecided.names)}`));
  return agreed.join('');
}

/** `Sweden 2, Iceland 1, 3 more`. */
function votesText(names: LocatedRow['levels'][number]['others']): string {
  const shown = names.slice(0, SHOWN_OTHERS).map(({ name, votes }) => `${name} ${votes}`);
  const hidden = names.length - shown.length;
  return (hidden > 0 ? [...shown, `${hidden} more`] : shown).join(', ');
}

function pointText({ lat, lon, radii, precision }: LocatedRow): string {
  if (lat === null || lon === null) return '';
  const at = coordinate(lat, lon);
  if (precision === 'city') return line('City at', at);
  if (!radii) return line('Point', at);
  const [half, most] = [kilometres(radii.halfKm), kilometres(radii.mostKm)];
  return line(
    'Point',
    radii.hold === 'calibrated'
      ? `${at}   within ${half} as often as not, within ${most} nine times in ten (calibrated)`
      : `${at}   half of the samples within ${half}, 90 % within ${most} (not calibrated)`,
  );
}

function disagreementText(
  level: string,
  says: string,
  lies: string | null,
  distanceKm?: number,
): string {
  const where = lies === null ? 'in no country' : `in ${lies}`;
  if (level !== 'city' || distanceKm === undefined)
    return `says ${says}, but the point lies ${where}`;
  const near = lies === null || lies === says ? '' : `, near ${lies}`;
  return `says ${says}, but the point lies ${kilometres(distanceKm)} from it${near}`;
}

/** The other clusters of samples; the first holds most and is where the point is. */
function candidatesText({ candidates, answered }: LocatedRow): string {
  return candidates
    .slice(1, 1 + SHOWN_OTHERS)
    .map(({ lat, lon, votes, place }) => {
      const { city, region, country } = { city: undefined, region: undefined, ...place };
      const named = [city, region, country].filter((name) => typeof name === 'string').join(', ');
      return line('or', `${coordinate(lat, lon)}   ${votes}/${answered}${named && `  ${named}`}`);
    })
    .join('');
}
