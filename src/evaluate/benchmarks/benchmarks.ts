/**
 * The benchmarks of the field as data: what their truth holds, where it is from, what is known to be
 * wrong with it.
 *
 * Checksums are of the truth files with Places365 scene annotations that the authors of TransLocator
 * released under the MIT licence (after TIB's scene-aware geolocation). Another file with the same
 * pictures is fine; its checksum differs.
 * @module
 */
import type { RowColumns } from '../files/columns.ts';

/** Names of the benchmarks, as the command line takes them. */
export const BENCHMARK_NAMES = [
  'im2gps',
  'im2gps3k',
  'yfcc4k',
  'yfcc25600',
  'mp16-reason-test',
  'geoseek-val',
  'osv5m-test',
  'earth',
] as const;

/** One of {@link BENCHMARK_NAMES}. */
export type BenchmarkName = (typeof BENCHMARK_NAMES)[number];

/** A benchmark. */
export interface Benchmark {
  readonly title: string;
  /** Rows of its truth; absent where any number is right. */
  readonly n?: number;
  /** Lower-case hex of the truth file we know. */
  readonly sha256?: string;
  /** Columns of the truth, where they are not called by their usual names. */
  readonly columns?: RowColumns;
  /** Where truth and pictures come from, in words. */
  readonly where: string;
  /** What to know before comparing figures. */
  readonly errata: readonly string[];
}

const TRANSLOCATOR =
  'the truth with scene classes is a file of the TransLocator release (MIT); ' +
  'the pictures are Flickr photos, gathered by the benchmark’s authors';
const PLACES365_COLUMNS: RowColumns = { id: 'IMG_ID', lat: 'LAT', lon: 'LON' };

/** Every benchmark by its name. */
export const BENCHMARKS: Readonly<Record<BenchmarkName, Benchmark>> = {
  im2gps: {
    title: 'Im2GPS (Hays and Efros 2008)',
    n: 237,
    sha256: '213c4d27f805c616948d582f20fe2bd4ab0c7a1ab5af08bee05f6481b0c7077f',
    columns: PLACES365_COLUMNS,
    where: TRANSLOCATOR,
    errata: ['file names hold city names: no file name may reach a model'],
  },
  im2gps3k: {
    title: 'IM2GPS3K',
    n: 2997,
    sha256: '0f243d1e23cbb4ab8f0a83fa045ebae642dac2458fb94a1540db6f5f5588031d',
    columns: PLACES365_COLUMNS,
    where: TRANSLOCATOR,
    errata: [
      'papers speak of 3,000 pictures; the truth has 2,997',
      'two pictures can share author and coordinate: join on the whole id',
    ],
  },
  yfcc4k: {
    title: 'YFCC4K',
    n: 4536,
    where: 'the list of its authors over Flickr photos of YFCC100M (Thomee et al. 2016)',
    errata: [
      'papers speak of 4,000 pictures; the list has 4,536',
      'a link that was released for it leads to another list: check the number of rows',
    ],
  },
  yfcc25600: {
    title: 'YFCC25600',
    n: 25_600,
    sha256: 'a49363ef7d87e8a2484169a2b0971f07355743d0741b9fcff7ffc8441afd397d',
    columns: PLACES365_COLUMNS,
    where: TRANSLOCATOR,
    errata: [],
  },
  'mp16-reason-test': {
    title: 'MP16-Reason-Test (GLOBE, NeurIPS 2025)',
    n: 12_000,
    where: 'the data release of GLOBE; pictures of MP-16',
    errata: ['ISNs and GeoCLIP were trained on pictures of its source, as GLOBE, Table 2, marks'],
  },
  'geoseek-val': {
    title: 'GeoSeek-Val (GeoAgent, CVPR 2026)',
    n: 3000,
    where: 'the data release of GeoAgent; 3k pictures of OSV-5M with a locatability from 0 to 10',
    errata: ['the number of rows is known as "3k" only: --allow-other-n accepts another'],
  },
  'osv5m-test': {
    title: 'OSV-5M, test split',
    n: 210_122,
    where: 'the data release of OSV-5M; street-level pictures of Mapillary',
    errata: ['the released code holds coordinates in radians; truth for geor is in degrees'],
  },
  earth: {
    title: 'held-out tiles of the embedded Earth',
    where: 'geor cuts them itself: blocks of 2 degrees that training never sees (earth: as input)',
    errata: ['measures recognising a place in one picture of the Earth, not locating photographs'],
  },
};
