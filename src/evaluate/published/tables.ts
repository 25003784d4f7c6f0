/**
 * All published rows.
 * @module
 */
import { GEO_R_ROWS } from './geo-r.ts';
import { GEOAGENT_ROWS } from './geoagent.ts';
import { GLOBE_ROWS } from './globe.ts';
import type { PublishedRow } from './row.ts';

/** Every row of the tables of Geo-R, GLOBE and GeoAgent. */
export const PUBLISHED_ROWS: readonly PublishedRow[] = [
  ...GEO_R_ROWS,
  ...GLOBE_ROWS,
  ...GEOAGENT_ROWS,
];
