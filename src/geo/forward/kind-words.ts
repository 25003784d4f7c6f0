/**
 * Words around a name that say what kind of place it is or roughly where: `Province of`, `near`.
 * @module
 */

/** Before a name; tried from the longest. */
const BEFORE: readonly string[] = [
  ...['city', 'town', 'village', 'municipality', 'commune', 'province', 'state', 'prefecture'],
  ...['region', 'county', 'district', 'governorate', 'department', 'republic', 'kingdom'],
  ...['island', 'islands', 'isle', 'capital', 'suburb', 'suburbs', 'outskirts', 'canton'],
  ...['old town', 'metropolitan city', 'autonomous community', 'free state', 'principality'],
]
  .map((kind) => `${kind} of`)
  .concat(
    ...['ciudad', 'provincia', 'estado', 'departamento', 'region', 'isla', 'cidade', 'ilha'].map(
      (kind) => [`${kind} de`, `${kind} del`, `${kind} do`, `${kind} da`],
    ),
    ['ville de', 'departement de', 'departement du', 'departement', 'province de', 'ile de'],
    [
      'comune di',
      'provincia di',
      'citta di',
      'isola di',
      'provincia',
      'provincie',
      'regio',
      'region',
      'landkreis',
    ],
    [
      'kreis',
      'bundesland',
      'freistaat',
      'stadt',
      'oblast',
      'respublika',
      'lan',
      'comunidad de',
      'ostan e',
    ],
    ['the'],
  )
  .sort((a, b) => b.length - a.length);

/** Before a name in a question: roughly where. Names themselves (`Eastern Cape`) keep theirs. */
const ROUGHLY: readonly string[] = [
  ...[
    'near',
    'nearby',
    'around',
    'outside',
    'close to',
    'in',
    'somewhere in',
    'greater',
    'downtown',
  ],
  ...['central', 'metropolitan', 'rural', 'northern', 'southern', 'eastern', 'western'],
];

/** After a name; tried from the longest. */
const AFTER: readonly string[] = [
  ...['city', 'town', 'village', 'municipality', 'metropolis', 'prefecture', 'province', 'county'],
  ...['state', 'region', 'district', 'oblast', 'krai', 'kray', 'governorate', 'department'],
  ...['canton', 'area', 'metropolitan area', 'metro area', 'urban area', 'island', 'islands'],
  ...['territory', 'division', 'voivodeship', 'republic', 'autonomous region', 'parish', 'emirate'],
  ...['autonomous community', 'autonomous republic', 'autonomous oblast', 'autonomous okrug'],
  ...['federal district', 'metropolitan city', 'special city', 'shi', 'ken', 'raion', 'okrug'],
  ...[
    'suburbs',
    'miestas',
    'kraj',
    'megye',
    'lan',
    'ili',
    'sheng',
    'область',
    'край',
    'республика',
  ],
].sort((a, b) => b.length - a.length);

/** Endings of Chinese, Japanese and Korean names that say the kind of place. */
const EAST_ASIAN_ENDING =
  /^(.{2,})(?:自治区|自治州|特别市|特別市|광역시|특별시|[市省県县府都州道区區시도])$/u;

/** A folded name without the words around it; the same when there are none. */
export function withoutKind(name: string): string {
  let rest = name;
  for (let round = 0; round < 3; round++) {
    const before = BEFORE.find((words) => rest.startsWith(`${words} `));
    if (before) rest = rest.slice(before.length + 1);
    const after = AFTER.find((words) => rest.endsWith(` ${words}`));
    if (after) rest = rest.slice(0, -after.length - 1);
    const shorter = EAST_ASIAN_ENDING.exec(rest)?.[1];
    if (shorter) rest = shorter;
    if (!before && !after && !shorter) break;
  }
  return rest;
}

/** A folded name from a question without words such as `near` and `southern`. */
export function withoutRoughly(name: string): string {
  const words = ROUGHLY.find((start) => name.startsWith(`${start} `));
  return words ? name.slice(words.length + 1) : name;
}
