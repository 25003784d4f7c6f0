/**
 * Bicubic resizing with antialiasing, equal to Pillow's to the byte, so that a model sees the same
 * pixels here as where it was trained.
 *
 * Source: Pillow, `Resample.c` (a = -0.5, 8 bits per channel): along rows first, then along columns,
 * with weights in fixed point of 22 bits and a rounded byte in between. Pillow 13 takes the columns
 * first for some sizes, which rounds otherwise; Pillow up to 12.2 does as is done here.
 * @module
 */
import type { RgbImage } from './image-processor.ts';

const PRECISION_BITS = 22;
const SUPPORT = 2;
const CHANNELS = 3;

/** Keys' cubic convolution kernel with a = -0.5. */
function cubic(x: number): number {
  const at = Math.abs(x);
  if (at < 1) return (1.5 * at - 2.5) * at * at + 1;
  if (at < 2) return ((-0.5 * at + 2.5) * at - 4) * at + 2;
  return 0;
}

/** For each output position: where its inputs begin, how many there are, and their weights. */
interface Weights {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** `stride` per output position. */
  readonly fixed: Int32Array;
  readonly stride: number;
}

function weightsFor(input: number, output: number): Weights {
  const scale = input / output;
  const widening = Math.max(scale, 1);
  const support = SUPPORT * widening;
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(output);
  const counts = new Int32Array(output);
  const fixed = new Int32Array(output * stride);
  for (let to = 0; to < output; to++) {
    const centre = (to + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(input, Math.trunc(centre + support + 0.5)) - start;
    const exact = Array.from({ length: count }, (_, i) =>
      cubic((i + start - centre + 0.5) * (1 / widening)),
    );
    const total = exact.reduce((sum, weight) => sum + weight, 0);
    exact.forEach((weight, i) => {
      const share = (total === 0 ? weight : weight / total) * 2 ** PRECISION_BITS;
      fixed[to * stride + i] = Math.trunc(share + (share < 0 ? -0.5 : 0.5));
    });
    starts[to] = start;
    counts[to] = count;
  }
  return { starts, counts, fixed, stride };
}

const HALF = 2 ** (PRECISION_BITS - 1);
const toByte = (sum: number): number => Math.min(255, Math.max(0, sum >> PRECISION_BITS));

/**
 * Resizes along one axis. `step` is the distance of neighbours along that axis, `lines` how many
 * lines there are and `lineStep` where the next one begins, in input and output bytes.
 */
function resample(
  input: Uint8Array,
  output: Uint8Array,
  { starts, counts, fixed, stride }: Weights,
  lines: number,
  { step, inLine, outLine }: { step: number; inLine: number; outLine: number },
): void {
  for (let line = 0; line < lines; line++)
    for (let to = 0; to < starts.length; to++) {
      const from = line * inLine + starts[to]! * step;
      const at = line * outLine + to * step;
      const weight = to * stride;
      const count = counts[to]!;
      for (let channel = 0; channel < CHANNELS; channel++) {
        let sum = HALF;
        for (let i = 0; i < count; i++)
          sum += input[from + i * step + channel]! * fixed[weight + i]!;
        output[at + channel] = toByte(sum);
      }
    }
}

/** The image at another size; its own data when the size is the same. */
export function resizeBicubic(image: RgbImage, width: number, height: number): RgbImage {
  let { data } = image;
  if (width !== image.width) {
    const narrow = new Uint8Array(width * image.height * CHANNELS);
    resample(data, narrow, weightsFor(image.width, width), image.height, {
      step: CHANNELS,
      inLine: image.width * CHANNELS,
      outLine: width * CHANNELS,
    });
    data = narrow;
  }
  if (height !== image.height) {
    const low = new Uint8Array(width * height * CHANNELS);
    resample(data, low, weightsFor(image.height, height), width, {
      step: width * CHANNELS,
      inLine: CHANNELS,
      outLine: CHANNELS,
    });
    data = low;
  }
  return { width, height, data };
}
