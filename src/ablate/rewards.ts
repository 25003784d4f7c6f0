/**
 * The rewards of the three recipes for one answer form, Geo-R's chain.
 *
 * GLOBE and GeoAgent score names in contracts of their own, so the names of a chain are written as
 * those contracts write them and scored by the recipes as they are. Left out is what a tile or a small
 * model cannot have: GLOBE's localizability and visual grounding (a judge, and entities of a
 * photograph) and its format (it asks for reasoning), GeoAgent's consistency (a judge) and its encoder,
 * in whose place names are compared.
 * @module
 */
import { type Answer, buildChain, parseAnswer } from '../chain/index.ts';
import { forwardGeocode, type Gazetteer, type Geocoder, reverseGeocode } from '../geo/index.ts';
import {
  geoAgentReward,
  geoRReward,
  globeReward,
  type Reward,
  type RewardBatch,
} from '../rewards/index.ts';
import type { RewardName } from './models.ts';

/** Where names lie, each asked once: a model says few names, and says them often. */
export function rememberingGeocoder(gazetteer: Gazetteer): Geocoder {
  const known = new Map<string, ReturnType<Geocoder>>();
  return (query) => {
    const key = JSON.stringify(query);
    const found = known.get(key);
    if (found !== undefined) return found;
    const match = forwardGeocode(gazetteer, query);
    known.set(key, match);
    return match;
  };
}

/** A chain's names as another contract writes them; nothing where no country is named. */
export function recast({ country, region, city }: Answer, contract: 'globe' | 'geoagent'): string {
  if (country === undefined) return '';
  const place = {
    ...{ lat: 0, lon: 0, continent: '', countryCode: '', country },
    ...(region !== undefined && { region }),
    ...(city !== undefined && { city }),
  };
  return buildChain(place, contract, { condition: 'direct' });
}

const recasting =
  (contract: 'globe' | 'geoagent', reward: Reward): Reward =>
  (batch: RewardBatch) =>
    reward({
      ...batch,
      completions: batch.completions.map((text) => recast(parseAnswer(text, 'geo-r'), contract)),
    });

/** The reward of a recipe, to train with. */
export function trainingReward(name: RewardName, gazetteer: Gazetteer, geocoder: Geocoder): Reward {
  const placeAt = ({ lat, lon }: { lat: number; lon: number }) =>
    reverseGeocode(gazetteer, lat, lon);
  switch (name) {
    case 'geo-r':
      return geoRReward({ variant: 'paper' });
    case 'globe':
      return recasting(
        'globe',
        globeReward({
          weights: { accuracy: 1, localizability: 0, grounding: 0, format: 0 },
          placeAt,
        }),
      );
    case 'geoagent':
      return recasting(
        'geoagent',
        geoAgentReward({ weights: 'without-consistency', geocoder, placeAt }),
      );
  }
}
