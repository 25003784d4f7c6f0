/**
 * The page's typography and layout: system fonts, one measure for prose, a wider one for figures.
 * @module
 */
import { type Markup, trusted } from '../markup.ts';

const base = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;font-variant-numeric:tabular-nums}
main,footer{max-width:1080px;margin:0 auto;padding:0 32px}
h1,h2,h3,.lede,.big{font-family:Charter,"Bitstream Charter","Sitka Text",Cambria,"Liberation Serif",Georgia,serif;text-wrap:balance}
h1{font-size:clamp(2rem,5vw,3rem);line-height:1.12;font-weight:600;margin:0 0 20px;letter-spacing:-.012em;overflow-wrap:anywhere}
h2{font-size:1.6rem;line-height:1.25;font-weight:600;margin:0 0 8px}
h3{font-size:1.08rem;line-height:1.35;font-weight:600;margin:0 0 4px}
p{margin:0 0 12px;max-width:68ch;text-wrap:pretty}
section{padding:56px 0 0}
.lede{font-size:1.28rem;line-height:1.5;max-width:56ch;margin-bottom:16px;text-wrap:pretty}
.quiet,figcaption,caption{color:var(--muted);font-size:.875rem;line-height:1.5}
.overline{font-size:.8rem;letter-spacing:.09em;text-transform:uppercase;color:var(--muted);margin:0 0 14px}
header{padding:72px 0 0}
footer{padding-top:56px;padding-bottom:56px}
footer p{border-top:1px solid var(--rule);padding-top:16px;color:var(--muted);font-size:.875rem;max-width:none}
:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:2px}
.skip{position:absolute;left:-999px}
.skip:focus{left:16px;top:16px;background:var(--paper);padding:8px 12px;z-index:1}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
`;

const themes = `
.themes{position:absolute;top:16px;right:24px;display:none;border:1px solid var(--rule);border-radius:999px;padding:2px;margin:0;font-size:.78rem}
@supports selector(:has(*)){.themes{display:flex}}
.themes legend{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.themes label{cursor:pointer}
.themes input{position:absolute;opacity:0;width:1px;height:1px}
.themes span{display:block;padding:2px 11px;border-radius:999px;color:var(--muted)}
.themes input:checked+span{background:var(--raised);color:var(--ink);box-shadow:inset 0 0 0 1px var(--rule)}
.themes input:focus-visible+span{outline:2px solid var(--accent);outline-offset:1px}
`;

const headline = `
.measured{border-left:3px solid var(--accent);padding:2px 0 2px 18px;margin:24px 0 0}
.measured p{margin:0}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:28px 36px;margin:40px 0 0;padding:24px 0 0;border-top:1px solid var(--rule)}
.facts dt{font-size:.875rem;color:var(--muted)}
.facts dd{margin:0}
.big{font-size:2.1rem;line-height:1.2;font-weight:600;white-space:nowrap}
.facts .quiet{margin:2px 0 0;max-width:34ch}
`;

const tables = `
.scroll{overflow-x:auto;margin:20px 0 12px}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.4}
caption{text-align:left;padding:0 0 8px}
th,td{padding:10px 9px;text-align:right;vertical-align:top;white-space:nowrap}
th:first-child,td:first-child{text-align:left;padding-left:0;white-space:normal}
th:last-child,td:last-child{padding-right:0}
thead th{font-weight:500;color:var(--muted);border-bottom:1.5px solid var(--ink);vertical-align:bottom;font-size:.84rem;white-space:normal}
thead th small{white-space:nowrap}
tbody th{font-weight:400;min-width:11em}
tbody tr+tr>*{border-top:1px solid var(--rule)}
tbody tr.main>th{font-weight:600}
tbody tr.context>*{color:var(--muted)}
tbody tr:last-child>*{border-bottom:1px solid var(--ink)}
td small,th small{display:block;color:var(--muted);font-size:.78rem;font-weight:400}
th small{max-width:26em;line-height:1.4;margin-top:1px}
td strong{font-weight:700;color:var(--ink)}
.good{color:var(--good)}
.bad{color:var(--bad)}
.words td,.words th{text-align:left}
`;

const figures = `
figure{margin:0;min-width:0}
figure svg{display:block;width:100%;height:auto}
figure h3+p{margin-top:2px}
.grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:40px 48px;margin-top:24px}
.wide{margin-top:32px}
.wide>.scroll{margin:12px 0}
.wide>.scroll svg{min-width:760px}
figcaption{margin-top:8px;max-width:72ch}
.key{display:flex;flex-wrap:wrap;gap:4px 22px;list-style:none;margin:12px 0 0;padding:0;font-size:.875rem}
.key svg{display:inline-block;width:12px;height:12px;margin-right:7px;vertical-align:-1px}
details{margin-top:10px}
summary{cursor:pointer;color:var(--muted);font-size:.84rem;width:fit-content}
summary:hover{color:var(--ink)}
details .scroll{margin:8px 0}
details table{font-size:.84rem}
details th,details td{padding-top:5px;padding-bottom:5px}
`;

const samples = `
.tiles{margin:28px 0 0;padding:0;list-style:none}
.tile{display:grid;grid-template-columns:176px minmax(0,1fr);gap:4px 32px;align-items:start;padding:0 0 36px}
.tile>img{width:176px;height:176px;border-radius:3px;background:var(--raised);object-fit:cover;box-shadow:0 0 0 1px var(--rule)}
.tile .scroll{margin:-4px 0 0}
.tile table{font-size:.86rem;table-layout:fixed;min-width:30em}
.tile th,.tile td{padding:4px 16px 4px 0;white-space:normal;text-align:left;overflow-wrap:break-word}
.tile tr>:first-child{width:5.5em;min-width:0}
.tile tbody th{color:var(--muted)}
.tile thead th{border-bottom-width:1px}
.tile tbody tr:last-child>*{border-bottom:0}
.tile details{margin-top:4px}
.mark{font-size:.8rem;font-weight:600;white-space:nowrap}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:.8rem/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;background:var(--raised);padding:12px 14px;border-radius:3px;margin:6px 0}
`;

const evaluation = `
.pair{display:grid;grid-template-columns:minmax(0,7fr) minmax(0,5fr);gap:32px 56px;margin-top:24px}
.pair .scroll,.grid .scroll{margin-top:8px}
.pair tbody th{min-width:9em}
.pair figure svg,.grid .scroll svg{max-width:440px}
.grid>div>figure+figure{margin-top:36px}
.whole{white-space:nowrap}
.on-phone{display:none}
.published .main>*{background:var(--raised)}
.published th,.published td{padding-top:7px;padding-bottom:7px}
.published thead th{white-space:nowrap}
.published td small{margin-right:1.1rem}
.verdict{display:inline-block;width:1.1rem;text-align:right}
`;

const answers = `
.answers+h3{margin-top:40px}
.answers{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:28px 48px;margin:16px 0 36px;padding:0;list-style:none}
.answers h4{font-size:.95rem;font-weight:600;margin:0;overflow-wrap:anywhere}
.answers p{margin:0}
.answers .scroll{margin:6px 0}
.answers table{font-size:.86rem;table-layout:fixed}
.answers th,.answers td{padding:4px 12px 4px 0;white-space:normal;text-align:left;overflow-wrap:break-word}
.answers tr>:first-child{width:5em;min-width:0}
.answers tbody th{color:var(--muted)}
.answers thead th{border-bottom-width:1px}
.answers tbody tr:last-child>*{border-bottom:0}
sup{font-size:.7em;line-height:0;margin-left:1px}
`;

const record = `
.record{display:grid;grid-template-columns:repeat(auto-fit,minmax(280px,1fr));gap:24px 48px;margin-top:16px}
.record h3{font-size:.95rem}
.record dl{display:grid;grid-template-columns:auto minmax(0,1fr);gap:2px 16px;margin:6px 0 0;font-size:.84rem}
.record dt{color:var(--muted)}
.record dd{margin:0;overflow-wrap:anywhere;text-align:right}
`;

const media = `
@media (max-width:860px){.grid,.pair,.answers{grid-template-columns:minmax(0,1fr)}}
@media (max-width:560px){.on-page{display:none}.on-phone{display:block}.pair tbody th,.published tbody th{min-width:7.5em}.published tr>:first-child{position:sticky;left:0;background:var(--paper);padding-right:14px}.published .main>:first-child{background:var(--raised)}main,footer{padding-left:18px;padding-right:18px}header{padding-top:68px}section{padding-top:44px}.themes{right:18px}.lede{font-size:1.15rem}.tile{grid-template-columns:minmax(0,1fr);gap:12px}.facts{grid-template-columns:repeat(2,minmax(0,1fr));gap:24px 20px}.big{font-size:1.5rem;white-space:normal}}
@media print{body{font-size:10.5pt}.themes,.skip{display:none!important}main,footer{max-width:none;padding:0}header{padding-top:0}section{padding-top:28px}figure,.tile,tr{break-inside:avoid}h2,h3{break-after:avoid}details:not([open]){display:none}.scroll{overflow:visible}a{color:inherit}}
@page{margin:18mm}
`;

/** The style sheet. */
export const STYLE: Markup = trusted(
  [base, themes, headline, tables, figures, samples, evaluation, answers, record, media].join(''),
);
