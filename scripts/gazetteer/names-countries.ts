/**
 * What countries are called: in every language that Unicode CLDR and i18n-iso-countries know, and
 * by the short, former and colloquial names that neither has.
 * @module
 */
import { foldName } from '../../src/geo/forward/fold-name.ts';
import type { Sources } from './sources.ts';

/** Our own names, by code; where another source gives one of these to another country, we win. */
const OWN: Readonly<Record<string, string>> = {
  AE: 'Emirates|The Emirates|UAE|U.A.E.|Trucial States',
  AG: 'Antigua',
  AL: 'Shqipëria',
  AM: 'Hayastan',
  AR: 'Argentine Republic',
  AU: 'Commonwealth of Australia|Oz',
  BA: 'Bosnia|Herzegovina|BiH',
  BD: 'East Pakistan|Bangla Desh',
  BF: 'Upper Volta',
  BJ: 'Dahomey',
  BL: 'St Barts|Saint Barts|St Barths',
  BN: 'Brunei Darussalam',
  BO: 'Plurinational State of Bolivia',
  BR: 'Federative Republic of Brazil',
  BS: 'The Bahamas|Commonwealth of the Bahamas',
  BT: 'Druk Yul',
  BW: 'Bechuanaland',
  BY: 'Belorussia|Byelorussia|White Russia',
  BZ: 'British Honduras',
  CD: 'DR Congo|D.R. Congo|DRC|Congo DR|Congo Kinshasa|Congo-Kinshasa|Zaire|Zaïre|Belgian Congo|Democratic Republic of Congo|Congo, Democratic Republic of the|Congo Democratic Republic',
  CF: 'CAR|Central African Rep',
  CG: 'Congo|Congo Brazzaville|Congo-Brazzaville|Republic of Congo|Congo Republic|French Congo',
  CH: 'Helvetia|Swiss Confederation',
  CI: 'Ivory Coast|Cote d Ivoire|Côte d’Ivoire',
  CN: 'PRC|P.R. China|PR China|People’s Republic of China|Mainland China|Red China|Zhongguo',
  CV: 'Cape Verde|Cabo Verde',
  CZ: 'Czech Republic|Czechia|Czech',
  DE: 'East Germany|German Democratic Republic|GDR|DDR|Deutschland|Federal Republic of Germany|BRD|FRG|West Germany',
  DO: 'Dominican Rep',
  DZ: 'Al Jazair|People’s Democratic Republic of Algeria',
  EG: 'Misr|Arab Republic of Egypt|United Arab Republic',
  EH: 'Spanish Sahara|Sahrawi Republic|SADR|Sahrawi Arab Democratic Republic',
  ES: 'Kingdom of Spain',
  ET: 'Federal Democratic Republic of Ethiopia|Abyssinia',
  FI: 'Suomi',
  FK: 'Falklands|Malvinas|Islas Malvinas',
  FM: 'Micronesia|Federated States of Micronesia',
  FO: 'Faroes|Faeroe Islands|Faroe Islands',
  FR: 'French Republic',
  GB: 'Britain|Great Britain|UK|U.K.|England|Scotland|Wales|Northern Ireland|United Kingdom of Great Britain and Northern Ireland',
  GE: 'Sakartvelo|Republic of Georgia',
  GM: 'Gambia|The Gambia',
  GQ: 'Spanish Guinea',
  GR: 'Hellas|Ellada|Hellenic Republic',
  GY: 'British Guiana',
  HK: 'HKSAR|Hongkong|Hong Kong SAR',
  HU: 'Magyarország',
  ID: 'Dutch East Indies|Netherlands East Indies',
  IE: 'Republic of Ireland|Eire|Éire|Irish Republic',
  IL: 'State of Israel',
  IM: 'Mann',
  IN: 'Bharat|Hindustan',
  IR: 'Persia|Islamic Republic of Iran',
  IS: 'Ísland',
  IT: 'Italian Republic',
  JE: 'Bailiwick of Jersey',
  JO: 'Hashemite Kingdom of Jordan|Transjordan',
  JP: 'Nippon|Nihon',
  KG: 'Kirghizia|Kyrgyz Republic|Kirgizia',
  KH: 'Kampuchea|Khmer Republic|Democratic Kampuchea',
  KM: 'Union of the Comoros',
  KN: 'St Kitts|Saint Kitts|St Kitts and Nevis',
  KP: 'DPRK|D.P.R.K.|N Korea|N. Korea|Democratic People’s Republic of Korea|DPR Korea|Korea North|North Korea',
  KR: '한국|Korea|ROK|S Korea|S. Korea|Republic of Korea|Korea South|Hanguk|South Korea',
  LA: 'Lao|Laos|Lao PDR|Lao People’s Democratic Republic',
  LB: 'Lubnan',
  LK: 'Democratic Socialist Republic of Sri Lanka|Ceylon',
  LS: 'Basutoland',
  LU: 'Grand Duchy of Luxembourg',
  LY: 'Libyan Arab Jamahiriya',
  MA: 'Al Maghrib',
  MC: 'Principality of Monaco',
  MD: 'Moldavia|Republic of Moldova|Moldova, Republic of',
  MG: 'Malagasy Republic',
  MK: 'Macedonia|FYROM|F.Y.R.O.M.|Former Yugoslav Republic of Macedonia|FYR Macedonia|Republic of Macedonia|Republic of North Macedonia',
  MM: 'Burma|Union of Myanmar',
  MO: 'Macau|Macao SAR',
  MU: 'Ile Maurice',
  MV: 'Dhivehi Raajje|Maldive Islands',
  MW: 'Nyasaland',
  MX: 'United Mexican States|Mexican Republic',
  MY: 'Malaya',
  NA: 'South West Africa|South-West Africa',
  NG: 'Federal Republic of Nigeria',
  NL: 'Holland|The Netherlands|Kingdom of the Netherlands|Nederland|Low Countries',
  NP: 'Federal Democratic Republic of Nepal',
  NZ: 'Aotearoa|Aotearoa New Zealand',
  OM: 'Sultanate of Oman|Muscat and Oman',
  PF: 'Tahiti',
  PG: 'PNG|Papua',
  PH: 'Philippine Islands|Pilipinas',
  PK: 'Islamic Republic of Pakistan',
  PL: 'Polska',
  PS: 'Palestinian Territories|Palestinian Authority|State of Palestine|West Bank|Gaza Strip|Occupied Palestinian Territory',
  PT: 'Portuguese Republic',
  RU: 'Russian Federation|USSR|U.S.S.R.|Soviet Union|Rossiya',
  SA: 'KSA|Kingdom of Saudi Arabia|Saudi',
  SE: 'Sverige',
  SR: 'Dutch Guiana|Surinam',
  SY: 'Syrian Arab Republic',
  SZ: 'Swaziland|Eswatini|eSwatini',
  TC: 'Turks and Caicos',
  TG: 'Togoland',
  TH: 'Siam',
  TL: 'East Timor|Timor-Leste|Portuguese Timor',
  TR: 'Turkey|Türkiye|Turkiye|Republic of Turkey',
  TT: 'Trinidad|Tobago',
  TW: 'Formosa|Chinese Taipei|Republic of China|R.O.C.|Taiwan, Province of China',
  TZ: 'Tanganyika|United Republic of Tanzania',
  UA: 'The Ukraine',
  US: 'USA|U.S.A.|US|U.S.|America|United States of America|the States|Estados Unidos|EE UU|EEUU|EE.UU.|Etats-Unis|VSA',
  UY: 'Oriental Republic of Uruguay',
  VA: 'Vatican|The Vatican|Holy See|Vatican City State',
  VC: 'St Vincent|Saint Vincent',
  VE: 'Bolivarian Republic of Venezuela',
  VG: 'British Virgin Islands',
  VI: 'US Virgin Islands|U.S. Virgin Islands',
  VN: 'Socialist Republic of Vietnam|Viet Nam|Indochina',
  WS: 'Western Samoa',
  XK: 'Kosova|Republic of Kosovo',
  YE: 'North Yemen|South Yemen',
  ZA: 'RSA|Republic of South Africa|Azania',
  ZM: 'Northern Rhodesia',
  ZW: 'Rhodesia|Southern Rhodesia',
};

/** Votes of the English name: more than there are languages. */
const ENGLISH = 1000;
/** Regional varieties whose country names differ from their language's. */
const VARIETIES = ['zh-Hant', 'zh-HK', 'sr-Latn', 'uz-Cyrl', 'bs-Cyrl', 'pt-PT', 'es-MX', 'fr-CA'];
/** Languages of three letters that CLDR names countries in. */
const LONG_LANGUAGES = ['ast', 'ceb', 'chr', 'dsb', 'fil', 'gsw', 'haw', 'hsb', 'kok', 'yue'];

/** Languages with country names in this Node: all codes of two letters that CLDR knows, and more. */
function languages(): string[] {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const codes = letters.flatMap((a) => letters.map((b) => a + b));
  return Intl.DisplayNames.supportedLocalesOf([...codes, ...LONG_LANGUAGES, ...VARIETIES]);
}

/**
 * Folded names of each country, in a fixed order; each name belongs to one country.
 *
 * A name that sources give to several goes to the one with the most languages, but our own list,
 * then English, comes first. A name that is also a large place's own (`Granada`, Spanish for
 * Grenada) is left to the place, but for English ones and ours. Codes of two and three letters are written in capitals.
 */
export function countryKeys(
  codes: readonly string[],
  { countryTranslations, alpha3 }: Sources,
  nameOf: (code: string) => string,
  isLargePlace: (key: string) => boolean,
): string[][] {
  const votes = new Map<string, Map<string, number>>();
  const known = new Set(codes);
  const vote = (name: string, code: string, weight = 1): void => {
    const key = foldName(name);
    if (key === '' || /^\d+$/.test(key) || !known.has(code)) return;
    const ballot = votes.get(key) ?? new Map<string, number>();
    votes.set(key, ballot.set(code, (ballot.get(code) ?? 0) + weight));
  };
  for (const language of languages()) {
    const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const code of codes) vote(names.of(code) ?? '', code, language === 'en' ? ENGLISH : 1);
  }
  for (const table of countryTranslations)
    for (const [code, names] of Object.entries(table))
      for (const name of [names].flat()) vote(name, code);
  for (const code of codes) vote(nameOf(code), code, 10 * ENGLISH);
  for (const [code, names] of Object.entries(OWN))
    for (const name of names.split('|')) vote(name, code, 100 * ENGLISH);

  const keys = new Map(codes.map((code) => [code, new Set([code])]));
  for (const [code2, code3] of alpha3) keys.get(code2)?.add(code3);
  for (const [key, ballot] of votes) {
    const [winner, weight] = [...ballot].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]!;
    if (weight < ENGLISH && isLargePlace(key)) continue;
    keys.get(winner)!.add(key);
  }
  return codes.map((code) => [...keys.get(code)!]);
}
