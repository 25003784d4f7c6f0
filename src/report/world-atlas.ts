/**
 * The outline of the world that ships with geor: Natural Earth at 1:110 million, public domain.
 * @module
 */
import { createRequire } from 'node:module';
import type { WorldTopology } from './svg/world-map.ts';

let loaded: WorldTopology | undefined;

/** Countries and land as TopoJSON, read once. */
export function worldAtlas(): WorldTopology {
  // An import attribute would do, but Node 20 prints an experimental warning for it.
  loaded ??= createRequire(import.meta.url)('world-atlas/countries-110m.json') as WorldTopology;
  return loaded;
}
