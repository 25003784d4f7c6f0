/**
 * The reward protocol, version 1: what `POST /v1/rewards` takes and gives.
 *
 * Names are those of the training engines (snake case). Objects are closed: a misspelt name is an
 * error and never a value that quietly is not used. Optional fields may also be `null`.
 * @module
 */
import { z } from 'zod';

/** Samples of one request at most. */
export const SAMPLES_LIMIT = 4096;

/** Characters of a name at most. */
export const NAME_LIMIT = 512;
/** Characters of one completion at most; the body's limit is about 16 of these. */
export const COMPLETION_LIMIT = 1_048_576;
/** Entities of one sample at most. */
export const ENTITIES_LIMIT = 1024;

const name = z.string().min(1).max(NAME_LIMIT);
const label = z.union([name, z.int()]);
const count = z.int().nonnegative();
const placeName = name.nullish();

/** One completion with what it is measured against. */
export const sampleSchema = z
  .strictObject({
    id: label.meta({ description: 'Names the prompt; comes back as it was sent.' }),
    group: label.nullish().meta({ description: 'Same for all completions of one prompt.' }),
    member: count.nullish().meta({ description: 'Place within the group.' }),
    completion: z.string().max(COMPLETION_LIMIT),
    completion_tokens: count.nullish(),
    truncated: z.boolean().nullish().meta({ description: 'Cut off at the longest length.' }),
    target: z.strictObject({
      lat: z.number().meta({ description: 'Degrees north.' }),
      lon: z.number().meta({ description: 'Degrees east.' }),
    }),
    place: z
      .strictObject({ country: placeName, region: placeName, city: placeName })
      .nullish()
      .meta({ description: 'Names of the target; found from the coordinate where absent.' }),
    entities: z
      .array(name)
      .max(ENTITIES_LIMIT)
      .nullish()
      .meta({ description: 'What is to be seen in the picture (globe).' }),
  })
  .meta({ id: 'Sample' });

/** The body of `POST /v1/rewards`. */
export const rewardsRequestSchema = z
  .strictObject({
    v: z.literal(1),
    run: name.nullish().meta({ description: 'Name of the training run, for the log.' }),
    attempt: z.int().positive().nullish().meta({
      description: 'Which start of the run: a step that is done again replaces the earlier one.',
    }),
    engine: name.nullish(),
    step: count.nullish(),
    split: name.nullish().meta({ description: 'Default train.' }),
    group_size: z.int().positive().nullish().meta({
      description: 'Members of a whole group; more than these in one request are an error.',
    }),
    samples: z.array(sampleSchema).min(1).max(SAMPLES_LIMIT),
  })
  .meta({ id: 'RewardsRequest' });

const score = z.number().nullable();

/** What one sample is worth. */
export const rewardRowSchema = z
  .strictObject({
    id: label,
    group: label.optional(),
    member: count.optional(),
    reward: score.meta({ description: 'null: could not be scored; never a fault in a 0.' }),
    unscored: z.string().optional().meta({ description: 'Why the reward is null.' }),
    distance: score.optional().meta({ description: 'The part of that name, where there is one.' }),
    format: score.optional().meta({ description: 'The part of that name, where there is one.' }),
    distance_km: score,
    parsed: z
      .strictObject({ lat: z.number(), lon: z.number() })
      .nullable()
      .meta({ description: 'Where the answer lies; null where it names no place.' }),
    parts: z.record(z.string(), score),
    group_seen: z.int().positive().meta({
      description: 'Members of the group in this request: what it was compared with, and itself.',
    }),
  })
  .meta({ id: 'RewardRow' });

/** The answer of `POST /v1/rewards`: rows in the order of the samples. */
export const rewardsResponseSchema = z
  .strictObject({
    v: z.literal(1),
    config: z.string().meta({ description: 'Content address of the reward and its settings.' }),
    rewards: z.array(rewardRowSchema).readonly(),
  })
  .meta({ id: 'RewardsResponse' });

export type RewardSample = z.output<typeof sampleSchema>;
export type RewardsRequest = z.output<typeof rewardsRequestSchema>;
export type RewardRow = z.output<typeof rewardRowSchema>;
export type RewardsResponse = z.output<typeof rewardsResponseSchema>;
