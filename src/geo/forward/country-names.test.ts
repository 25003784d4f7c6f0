/** Country names as people write them: short, former, colloquial and in their own languages. */
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readAsset } from '../../core/node/index.ts';
import { parseGazetteer } from '../gazetteer.ts';
import { forwardGeocode } from './forward-geocode.ts';
import { isSamePlaceName } from './same-place-name.ts';

const gazetteer = parseGazetteer(brotliDecompressSync(readAsset('gazetteer.bin.br')));

/** ISO code, then names for that country; written by hand. */
const NAMES = `
AE UAE, Emirates, United Arab Emirates
AL Shqipëria
AM Hayastan
AT Österreich, Autriche
BA Bosnia, Bosna i Hercegovina
BE Belgique, België, Belgien
BG България
BO Bolivia (Plurinational State of)
BR Brasil, Brésil
CD DR Congo, DRC, Zaire, Congo (Kinshasa), Democratic Republic of the Congo, Congo-Kinshasa
CG Congo-Brazzaville, Republic of the Congo, Congo (Brazzaville)
CH Schweiz, Suisse, Svizzera, Helvetia
CI Ivory Coast, Côte d'Ivoire, Cote d’Ivoire
CN PRC, People's Republic of China, 中国, Mainland China
CV Cape Verde, Cabo Verde
CZ Czechia, Czech Republic, Česko
DE Deutschland, Allemagne, Alemania, Niemcy, BRD, ドイツ
DK Danmark
EE Eesti
EG Misr, مصر
ES España, Espagne, Spanien
ET Abyssinia
FI Suomi, Finnland
FM Federated States of Micronesia
GB Britain, Great Britain, UK, U.K., Vereinigtes Königreich, Royaume-Uni
GM The Gambia
GR Hellas, Ελλάδα, Hellenic Republic
HR Hrvatska, Croatie
HU Magyarország
IE Éire, Republic of Ireland
IN Bharat, भारत
IR Persia, Islamic Republic of Iran
IS Ísland
IT Italia
JP Nippon, Nihon, 日本
KE Kenia
KH Kampuchea, Cambodge
KP DPRK, North Korea, Democratic People's Republic of Korea
KR Korea, South Korea, Republic of Korea, ROK, 한국, 대한민국
LA Lao PDR, Laos
LK Ceylon
MK Macedonia, FYROM, North Macedonia
MM Burma, Myanmar (Burma)
NL Holland, The Netherlands, Pays-Bas, Niederlande
NO Norge, Noreg
NZ Aotearoa
PF French Polynesia
PL Polska
PS Palestine, State of Palestine
RU Russian Federation, Россия, Soviet Union, USSR
SA Kingdom of Saudi Arabia, KSA
SE Sverige
SZ Swaziland, Eswatini
TH Siam
TL East Timor, Timor-Leste
TR Türkiye, Turkey, Turquie
TW Taiwan, 台灣, Republic of China
TZ United Republic of Tanzania
UA Україна
US USA, U.S.A., United States of America, America, US, Estados Unidos, Vereinigte Staaten, the States
VA Vatican, Holy See, Vatican City
VN Viet Nam
ZA RSA, Suid-Afrika
ZW Rhodesia
`
  .trim()
  .split('\n')
  .flatMap((line) =>
    line
      .slice(3)
      .split(', ')
      .map((name): [string, string] => [name, line.slice(0, 2)]),
  );

describe(`${NAMES.length} country names`, () => {
  it.each(NAMES)('%s is %s', (name, code) => {
    expect(forwardGeocode(gazetteer, { country: name })?.countryCode).toBe(code);
    expect(forwardGeocode(gazetteer, name)).toMatchObject({ level: 'country', countryCode: code });
  });

  it('are more than the 93 that packages were once compared by', () => {
    expect(NAMES.length).toBeGreaterThan(93);
  });

  it('belong to countries the gazetteer has, with the same name', () => {
    for (const [name, code] of NAMES) {
      const country = gazetteer.countries.find((entry) => entry.code === code);
      expect(isSamePlaceName(gazetteer, 'country', name, country?.name ?? ''), name).toBe(true);
    }
  });
});

describe('the four countries of the United Kingdom', () => {
  it.each(['England', 'Scotland', 'Wales', 'Northern Ireland'])('%s is a region', (name) => {
    expect(forwardGeocode(gazetteer, name)).toMatchObject({
      level: 'region',
      region: name,
      countryCode: 'GB',
    });
    expect(isSamePlaceName(gazetteer, 'country', name, 'United Kingdom')).toBe(true);
  });
});

it('codes count in capitals only', () => {
  expect(forwardGeocode(gazetteer, 'IN')?.countryCode).toBe('IN');
  expect(forwardGeocode(gazetteer, 'DEU')?.country).toBe('Germany');
  expect(forwardGeocode(gazetteer, 'no')?.countryCode).not.toBe('NO');
});

it('every country of the gazetteer is found by its own name, with a coordinate', () => {
  const missing = gazetteer.countries.filter(
    ({ code, name }) => forwardGeocode(gazetteer, { country: name })?.countryCode !== code,
  );
  expect(missing.map(({ name }) => name)).toEqual([]);
});
