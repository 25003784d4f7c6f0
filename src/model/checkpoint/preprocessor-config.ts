/**
 * `preprocessor_config.json`: how images are brought to size and normalised before a model sees them.
 *
 * Source: transformers, `Qwen2VLImageProcessor`. Version 5 writes `processor_config.json` instead,
 * with the same fields in `image_processor`, and the pixel bounds as `size`; both are read, and the
 * file is written in the form that versions 4 and 5 read.
 * @module
 */
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import type { VisionConfig } from '../config.ts';

const pixels = z.int().positive();
const perChannel = z.tuple([z.number(), z.number(), z.number()]);

/** Fields whose other values geor does not compute are held to the one it does. */
const preprocessorSchema = z.object({
  /** Pixels an image has at least after it was brought to size. Default 56 x 56. */
  min_pixels: pixels.optional(),
  /** Pixels at most. Default 28 x 28 x 1280. */
  max_pixels: pixels.optional(),
  size: z
    .looseObject({ shortest_edge: pixels.optional(), longest_edge: pixels.optional() })
    .optional(),
  patch_size: pixels.default(14),
  temporal_patch_size: pixels.default(2),
  merge_size: pixels.default(2),
  image_mean: perChannel.default([0.48145466, 0.4578275, 0.40821073]),
  image_std: perChannel.default([0.26862954, 0.26130258, 0.27577711]),
  do_resize: z.literal(true).default(true),
  do_rescale: z.literal(true).default(true),
  do_normalize: z.literal(true).default(true),
  /** 3: bicubic. */
  resample: z.literal(3).default(3),
});

/** How a model's images are prepared. */
export interface PreprocessorConfig {
  /** Pixels of an image after it was brought to size, at least and at most. */
  readonly minPixels: number;
  readonly maxPixels: number;
  /** Per channel, of values from 0 to 1. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

const DEFAULTS = preprocessorSchema.parse({});

/** What holds for a folder that says nothing. */
export const DEFAULT_PREPROCESSOR: PreprocessorConfig = {
  minPixels: 56 * 56,
  maxPixels: 28 * 28 * 1280,
  mean: DEFAULTS.image_mean,
  deviation: DEFAULTS.image_std,
};

/**
 * Reads a `preprocessor_config.json`, or the `image_processor` of a `processor_config.json`.
 *
 * @throws GeorError `config` when a field is wrong, or the patches are not those of the model
 */
export function parsePreprocessorConfig(json: unknown, vision: VisionConfig): PreprocessorConfig {
  const parsed = preprocessorSchema.safeParse(json);
  if (!parsed.success)
    throw new GeorError('config', `preprocessor_config.json: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
    });
  const { size, min_pixels, max_pixels, image_mean, image_std, ...patches } = parsed.data;
  const wanted = {
    patch_size: vision.patch_size,
    temporal_patch_size: vision.temporal_patch_size,
    merge_size: vision.spatial_merge_size,
  };
  for (const [name, value] of Object.entries(wanted)) {
    const stated = patches[name as keyof typeof wanted];
    if (stated !== value)
      throw new GeorError('config', `preprocessor_config.json: ${name} is ${stated}`, {
        hint: `the vision model of config.json asks for ${value}`,
      });
  }
  const minPixels = min_pixels ?? size?.shortest_edge ?? DEFAULT_PREPROCESSOR.minPixels;
  const maxPixels = max_pixels ?? size?.longest_edge ?? DEFAULT_PREPROCESSOR.maxPixels;
  if (minPixels > maxPixels)
    throw new GeorError(
      'config',
      `preprocessor_config.json: ${minPixels} pixels at least, ${maxPixels} at most`,
    );
  return { minPixels, maxPixels, mean: image_mean, deviation: image_std };
}

/** The content of `preprocessor_config.json`. */
export function preprocessorJson(
  { minPixels, maxPixels, mean, deviation }: PreprocessorConfig,
  vision: VisionConfig,
): object {
  return {
    image_processor_type: 'Qwen2VLImageProcessor',
    processor_class: 'Qwen2_5_VLProcessor',
    do_convert_rgb: true,
    do_resize: true,
    do_rescale: true,
    do_normalize: true,
    resample: 3,
    rescale_factor: 1 / 255,
    image_mean: mean,
    image_std: deviation,
    min_pixels: minPixels,
    max_pixels: maxPixels,
    size: { shortest_edge: minPixels, longest_edge: maxPixels },
    patch_size: vision.patch_size,
    temporal_patch_size: vision.temporal_patch_size,
    merge_size: vision.spatial_merge_size,
  };
}
