/**
 * A reward with the built-in gazetteer bound to it.
 * @module
 */
import { defaultGazetteer } from '../data/index.ts';
import { forwardGeocode, isSamePlaceName, reverseGeocode } from '../geo/index.ts';
import {
  type Embedder,
  type Judge,
  type RecipeReward,
  type RewardConfig,
  rewardByName,
} from '../rewards/index.ts';

/**
 * Makes the reward of a configuration. The gazetteer is read when the first name is looked up.
 *
 * @throws GeorError `usage` for settings that the recipe cannot work with.
 */
export function openReward(
  { recipe, variant, weights, extras, lengths }: RewardConfig,
  { judge, embedder }: { readonly judge?: Judge; readonly embedder?: Embedder },
): RecipeReward {
  return rewardByName(recipe, {
    variant,
    ...(weights !== undefined && { weights }),
    ...(extras && { extras }),
    ...(lengths && { lengths }),
    ...(judge && { judge }),
    ...(embedder && { embedder }),
    geocoder: (query) => forwardGeocode(defaultGazetteer(), query),
    placeAt: ({ lat, lon }) => reverseGeocode(defaultGazetteer(), lat, lon),
    isSameName: (a, b, level) => isSamePlaceName(defaultGazetteer(), level, a, b),
  });
}
