/**
 * Words for what is to be seen in photographs of places, so that entities can be found in reasoning
 * without a model. Written by hand; singular, lower case.
 * @module
 */

/** The words, by kind. */
export const SCENE_ELEMENTS: readonly string[] = [
  // land and sky
  ...['mountain', 'hill', 'valley', 'cliff', 'rock', 'sand', 'dune', 'desert', 'beach', 'coast'],
  ...['sea', 'ocean', 'lake', 'river', 'canal', 'waterfall', 'glacier', 'snow', 'ice', 'sky'],
  ...['cloud', 'sun', 'field', 'meadow', 'forest', 'island', 'bay', 'volcano', 'soil', 'wetland'],
  // plants and animals
  ...['tree', 'palm tree', 'pine', 'birch', 'eucalyptus', 'cactus', 'bush', 'grass', 'flower'],
  ...['hedge', 'vineyard', 'crop', 'rice paddy', 'horse', 'cow', 'sheep', 'goat', 'dog', 'cat'],
  ...['camel', 'bird', 'elephant', 'penguin'],
  // buildings and their parts
  ...['building', 'house', 'skyscraper', 'tower', 'church', 'cathedral', 'mosque', 'temple'],
  ...['synagogue', 'pagoda', 'shrine', 'monument', 'statue', 'fountain', 'castle', 'palace'],
  ...['ruin', 'fortress', 'wall', 'gate', 'arch', 'dome', 'minaret', 'spire', 'steeple', 'column'],
  ...[
    'roof',
    'tile',
    'chimney',
    'balcony',
    'window',
    'door',
    'shutter',
    'facade',
    'brick',
    'stair',
  ],
  ...[
    'courtyard',
    'stadium',
    'museum',
    'market',
    'shop',
    'restaurant',
    'hotel',
    'station',
    'airport',
  ],
  ...['warehouse', 'barn', 'lighthouse', 'windmill', 'hut', 'tent', 'clock', 'bell'],
  // streets and traffic
  ...[
    'road',
    'street',
    'alley',
    'highway',
    'path',
    'sidewalk',
    'pavement',
    'cobblestone',
    'bridge',
  ],
  ...[
    'tunnel',
    'square',
    'plaza',
    'roundabout',
    'crosswalk',
    'lane marking',
    'guardrail',
    'bollard',
  ],
  ...['fence', 'kerb', 'traffic light', 'street lamp', 'streetlight', 'utility pole', 'power line'],
  ...[
    'car',
    'bus',
    'truck',
    'taxi',
    'tram',
    'train',
    'railway',
    'bicycle',
    'motorcycle',
    'scooter',
  ],
  ...['boat', 'ship', 'ferry', 'gondola', 'pier', 'harbour', 'harbor', 'airplane', 'helicopter'],
  ...['license plate', 'licence plate', 'number plate', 'fire truck'],
  // signs and people
  ...[
    'sign',
    'street sign',
    'road sign',
    'billboard',
    'poster',
    'banner',
    'flag',
    'logo',
    'graffiti',
  ],
  ...['mural', 'writing', 'text', 'person', 'people', 'man', 'woman', 'child', 'crowd', 'uniform'],
  ...[
    'hat',
    'umbrella',
    'bench',
    'table',
    'chair',
    'stall',
    'food',
    'swimming pool',
    'garden',
    'park',
  ],
  ...['playground', 'cemetery', 'crane', 'antenna', 'solar panel', 'wind turbine'],
];
