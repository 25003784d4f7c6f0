/**
 * Which city a point belongs to: the smallest *distance / radius of the city*, not the nearest name.
 *
 * A city's radius grows with the square root of its population, as its area does with the number of
 * people: a photo in Paris is then in Paris and not in the suburb whose centre is a little closer.
 * @module
 */
import type { Cities } from './cities.ts';
import { SphereTree } from './sphere-tree.ts';

/** Kilometres of radius per square root of an inhabitant; chosen on a list of 136 landmarks. */
const KM_PER_ROOT_PERSON = 0.008;
/** The radius of the smallest places, kilometres. */
const MIN_RADIUS_KM = 0.7;
/** Beyond this distance a point belongs to no city, kilometres. */
const MAX_CITY_KM = 100;

interface Group {
  readonly cities: readonly number[];
  readonly tree: SphereTree;
}

/** Finds cities among those of one region, one polygon or one country. Indexes on first use. */
export class CityFinder {
  readonly #cities: Cities;
  readonly #inRegion = new Map<number, Group>();
  readonly #inCountry = new Map<number, Group>();
  readonly #inPolygon = new Map<number, Group>();
  #byPolygon: Map<number, number[]> | undefined;

  constructor(cities: Cities) {
    this.#cities = cities;
  }

  /** The city among those of one region, or -1. */
  inRegion(region: number, lat: number, lon: number): number {
    const group =
      this.#inRegion.get(region) ?? this.#add(this.#inRegion, region, this.#range(region, region));
    return nearestIn(group, lat, lon);
  }

  /** The city among those of a country, whose regions are `first` to `last`; or -1. */
  inCountry(country: number, first: number, last: number, lat: number, lon: number): number {
    const group =
      this.#inCountry.get(country) ?? this.#add(this.#inCountry, country, this.#range(first, last));
    return nearestIn(group, lat, lon);
  }

  /** The city among those in a region polygon that holds several regions, or -1. */
  inMixedPolygon(polygon: number, lat: number, lon: number): number {
    const group =
      this.#inPolygon.get(polygon) ?? this.#add(this.#inPolygon, polygon, this.#placesIn(polygon));
    return nearestIn(group, lat, lon);
  }

  #add(groups: Map<number, Group>, key: number, cities: readonly number[]): Group {
    const { lat, lon, population } = this.#cities;
    const radiiKm = cities.map((i) =>
      Math.max(MIN_RADIUS_KM, KM_PER_ROOT_PERSON * Math.sqrt(population[i]!)),
    );
    const tree = new SphereTree(
      cities.map((i) => lat[i]!),
      cities.map((i) => lon[i]!),
      radiiKm,
    );
    const group = { cities, tree };
    groups.set(key, group);
    return group;
  }

  /** Cities of regions `first` to `last`: one run, found by halving. */
  #range(first: number, last: number): number[] {
    const from = this.#lowerBound(first);
    const to = this.#lowerBound(last + 1);
    return Array.from({ length: to - from }, (_, i) => from + i);
  }

  #lowerBound(region: number): number {
    let low = 0;
    let high = this.#cities.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#cities.region[middle]! < region) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #placesIn(polygon: number): readonly number[] {
    if (!this.#byPolygon) {
      const groups = new Map<number, number[]>();
      this.#cities.mixedPolygon.forEach((p, city) => {
        if (p < 0) return;
        const group = groups.get(p);
        if (group) group.push(city);
        else groups.set(p, [city]);
      });
      this.#byPolygon = groups;
    }
    return this.#byPolygon.get(polygon) ?? [];
  }
}

const nearestIn = ({ cities, tree }: Group, lat: number, lon: number): number =>
  cities[tree.nearest(lat, lon, MAX_CITY_KM)] ?? -1;
