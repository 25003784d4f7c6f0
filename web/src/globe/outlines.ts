/**
 * Coasts and borders for the globe: coarse ones in the page, finer ones fetched when it is enlarged.
 * Natural Earth, public domain, by way of world-atlas.
 * @module
 */
import { mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import fineAddress from 'world-atlas/countries-50m.json?url';
import coarseAddress from 'world-atlas/countries-110m.json?url';

/** Lines in [lon, lat] degrees. */
export type Outlines = ReturnType<typeof mesh>;

type World = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

async function load(address: string): Promise<Outlines> {
  const world = (await (await fetch(address)).json()) as World;
  return mesh(world, world.objects.countries);
}

const loaded = new Map<string, Promise<Outlines>>();

/** The outlines, loaded once. */
export function outlines(detail: 'coarse' | 'fine'): Promise<Outlines> {
  const address = detail === 'coarse' ? coarseAddress : fineAddress;
  let lines = loaded.get(address);
  if (!lines) {
    lines = load(address);
    loaded.set(address, lines);
  }
  return lines;
}
