import { describe, expect, it } from 'vitest';
import type { EarthSample } from '../data/index.ts';
import { farFrom } from './hard-tiles.ts';

const place = { country: 'Nowhere' } as EarthSample['place'];
const at = (lat: number, lon: number): EarthSample => ({ id: `${lat} ${lon}`, lat, lon, place });

describe('hard tiles', () => {
  it('lie further than the radius from every place that is known, in their order', () => {
    // a degree is 6371 pi / 180 = 111.19 km: 1.79 degrees are 199.0 km, 1.81 are 201.3
    const samples = [at(1.81, 0), at(0, 1.79), at(0, -1.81), at(10, 10), at(10.5, 10)];
    expect(farFrom([{ lat: 0, lon: 0 }], samples, 200)).toEqual([
      samples[0],
      samples[2],
      samples[3],
      samples[4],
    ]);
    const known = [
      { lat: 0, lon: 0 },
      { lat: 10, lon: 10 },
    ];
    expect(farFrom(known, samples, 200)).toEqual([samples[0], samples[2]]);
  });

  it('are all tiles where nothing is known', () => {
    const samples = [at(0, 0), at(1, 1)];
    expect(farFrom([], samples, 200)).toEqual(samples);
  });
});
