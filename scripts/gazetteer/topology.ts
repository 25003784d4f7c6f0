/**
 * Polygons to arcs: snaps vertices, merges the borders that neighbours share, chains them.
 * @module
 */
import { type Arc, NOWHERE, UNITS_PER_DEGREE } from '../../src/geo/borders.ts';
import type { Polygon } from './sources.ts';

/** An area of a map; its index in the list is its region number. */
export interface Area {
  readonly polygons: readonly Polygon[];
}

interface Edge {
  readonly from: number;
  readonly to: number;
  left: number;
  right: number;
}

/** All borders of a map, each once. */
export function buildArcs(areas: readonly Area[]): Arc[] {
  const mesh = new Mesh();
  areas.forEach(({ polygons }, region) => {
    for (const rings of polygons)
      rings.forEach((ring, index) => {
        mesh.addRing(ring, region, index > 0);
      });
  });
  return mesh.chain();
}

/** Vertices snapped to the grid, and edges between them with a region on either side. */
class Mesh {
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  readonly #vertexAt = new Map<number, number>();
  readonly #edges: Edge[] = [];
  readonly #edgeBetween = new Map<number, Edge>();

  addRing(ring: readonly (readonly [number, number])[], region: number, isHole: boolean): void {
    const ids: number[] = [];
    for (const [lon, lat] of ring) {
      const id = this.#vertex(lon, lat);
      if (id !== ids[ids.length - 1]) ids.push(id);
    }
    if (ids[0] === ids[ids.length - 1]) ids.pop();
    if (ids.length < 3) return; // smaller than the grid
    let doubleArea = 0;
    ids.forEach((b, i) => {
      const a = ids.at(i - 1)!;
      doubleArea += this.#x[a]! * this.#y[b]! - this.#x[b]! * this.#y[a]!;
    });
    const insideIsLeft = doubleArea > 0 !== isHole;
    ids.forEach((to, i) => {
      this.#addEdge(ids.at(i - 1)!, to, region, insideIsLeft);
    });
  }

  #vertex(lon: number, lat: number): number {
    const clamp = (units: number, limit: number): number =>
      Math.max(-limit, Math.min(limit, Math.round(units * UNITS_PER_DEGREE)));
    const x = clamp(lon, 180 * UNITS_PER_DEGREE);
    const y = clamp(lat, 90 * UNITS_PER_DEGREE);
    const key = x * 4_000_000 + y;
    let id = this.#vertexAt.get(key);
    if (id === undefined) {
      id = this.#x.push(x) - 1;
      this.#y.push(y);
      this.#vertexAt.set(key, id);
    }
    return id;
  }

  #addEdge(a: number, b: number, region: number, insideIsLeft: boolean): void {
    const from = Math.min(a, b);
    const to = Math.max(a, b);
    const key = from * 4_194_304 + to;
    const side = (a === from) === insideIsLeft ? 'left' : 'right';
    const known = this.#edgeBetween.get(key);
    if (known && (known[side] === NOWHERE || known[side] === region)) {
      // A second visit on the same side cancels the first: a spike, or a ring that touches itself.
      known[side] = known[side] === region ? NOWHERE : region;
      return;
    }
    const edge: Edge = { from, to, left: NOWHERE, right: NOWHERE };
    edge[side] = region;
    this.#edges.push(edge);
    if (!known) this.#edgeBetween.set(key, edge);
  }

  /** Joins edges with the same neighbours into arcs, in a fixed order. */
  chain(): Arc[] {
    const edges = this.#edges.filter(({ left, right }) => left !== right);
    const around = new Map<number, Edge[]>();
    for (const edge of edges) {
      for (const end of [edge.from, edge.to]) {
        const list = around.get(end);
        if (list) list.push(edge);
        else around.set(end, [edge]);
      }
    }
    /** The only edge that continues `edge` beyond `vertex` with the same neighbours. */
    const onward = (edge: Edge, vertex: number): Edge | undefined => {
      const here = around.get(vertex)!;
      if (here.length !== 2) return undefined;
      const next = here[0] === edge ? here[1]! : here[0]!;
      const straight = (edge.to === vertex) === (next.from === vertex);
      const isSame = straight
        ? next.left === edge.left && next.right === edge.right
        : next.left === edge.right && next.right === edge.left;
      return isSame ? next : undefined;
    };
    const used = new Set<Edge>();
    const arcs: Arc[] = [];
    const walk = (first: Edge, start: number): void => {
      const [left, right] =
        first.from === start ? [first.left, first.right] : [first.right, first.left];
      const x = [this.#x[start]!];
      const y = [this.#y[start]!];
      let at = start;
      for (let edge: Edge | undefined = first; edge && !used.has(edge); edge = onward(edge, at)) {
        used.add(edge);
        at = edge.from === at ? edge.to : edge.from;
        x.push(this.#x[at]!);
        y.push(this.#y[at]!);
      }
      arcs.push({ left, right, x, y });
    };
    for (const edge of edges) {
      if (used.has(edge)) continue;
      if (!onward(edge, edge.from)) walk(edge, edge.from);
      else if (!onward(edge, edge.to)) walk(edge, edge.to);
    }
    for (const edge of edges) if (!used.has(edge)) walk(edge, edge.from); // closed rings
    return arcs;
  }
}
