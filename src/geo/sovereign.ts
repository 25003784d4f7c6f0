/**
 * Territories and the country each belongs to.
 *
 * Source: ISO 3166-1, the entries that are not independent, with the country that ISO names for each.
 * Three such entries belong to no one country here and stand for themselves at either level:
 * Antarctica (`AQ`), Western Sahara (`EH`) and Taiwan (`TW`); see `disputed.ts` for the last two.
 * @module
 */

const TERRITORIES: Readonly<Record<string, string>> = {
  AU: 'CC CX HM NF',
  CN: 'HK MO',
  DK: 'FO GL',
  FI: 'AX',
  FR: 'BL GF GP MF MQ NC PF PM RE TF WF YT',
  GB: 'AI BM FK GG GI GS IM IO JE KY MS PN SH TC VG',
  NL: 'AW BQ CW SX',
  NO: 'BV SJ',
  NZ: 'CK NU TK',
  US: 'AS GU MP PR UM VI',
};

/** ISO 3166-1 alpha-2 of each territory (51 of them) to that of its sovereign. */
export const SOVEREIGN_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(TERRITORIES).flatMap(([sovereign, codes]) =>
    codes.split(' ').map((code): [string, string] => [code, sovereign]),
  ),
);
