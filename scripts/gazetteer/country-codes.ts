/**
 * Country codes of map makers to ISO 3166-1 alpha-2.
 * @module
 */

/** ISO 3166-1: three letters and the two for the same country, 249 times. */
const ISO_3166_1 = `
  ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG AUSAU AUTAT
  AZEAZ BDIBI BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ BMUBM BOLBO
  BRABR BRBBB BRNBN BTNBT BVTBV BWABW CAFCF CANCA CCKCC CHECH CHLCL CHNCN CIVCI CMRCM CODCD COGCG
  COKCK COLCO COMKM CPVCV CRICR CUBCU CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE DJIDJ DMADM DNKDK DOMDO
  DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET FINFI FJIFJ FLKFK FRAFR FROFO FSMFM GABGA GBRGB
  GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY
  HKGHK HMDHM HNDHN HRVHR HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT
  JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY
  LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV MACMO MAFMF MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH
  MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ MRTMR MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA
  NCLNC NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE
  PHLPH PLWPW PNGPG POLPL PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA
  SDNSD SENSN SGPSG SGSGS SHNSH SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR
  SVKSK SVNSI SWESE SWZSZ SXMSX SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO
  TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC VENVE VGBVG
  VIRVI VNMVN VUTVU WLFWF WSMWS YEMYE ZAFZA ZMBZM ZWEZW
`;

/** Codes that map makers made up, where the place has a code or the policy gives it one. */
const MAP_MAKERS: readonly (readonly [string, string])[] = [
  ['XKO', 'XK'], // GADM
  ['XNC', 'CY'],
  ['XKX', 'XK'], // geoBoundaries
  ['KOS', 'XK'], // Natural Earth, from here on
  ['CYN', 'CY'],
  ['SOL', 'SO'],
  ['SAH', 'EH'],
  ['SDS', 'SS'],
  ['PSX', 'PS'],
  ['ALD', 'AX'],
  ['WSB', 'GB'],
  ['ESB', 'GB'],
];

const alpha2Of: ReadonlyMap<string, string> = new Map([
  ...ISO_3166_1.trim()
    .split(/\s+/)
    .map((word): [string, string] => [word.slice(0, 3), word.slice(3)]),
  ...MAP_MAKERS,
]);

/** Every ISO 3166-1 alpha-2 code, and `XK` for Kosovo. */
export const COUNTRY_CODES: ReadonlySet<string> = new Set(alpha2Of.values());

/** The alpha-2 code for a code of two or three letters, or '' for none that is known. */
export function toAlpha2(code: string): string {
  const wanted = code.trim().toUpperCase();
  return COUNTRY_CODES.has(wanted) ? wanted : (alpha2Of.get(wanted) ?? '');
}

/** ISO 3166-1 codes of two and of three letters. */
export const ALPHA3: readonly (readonly [string, string])[] = ISO_3166_1.trim()
  .split(/\s+/)
  .map((word) => [word.slice(3), word.slice(0, 3)]);
