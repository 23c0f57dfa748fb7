import { COLOURS } from "../plots/palette.js";

/** The palette for dark pages: lighter hues of the same kinds. */
const DARK: Readonly<Record<keyof typeof COLOURS, string>> = {
  ink: "#e8eaee",
  soft: "#a4adba",
  grid: "#333a45",
  paper: "#161a21",
  flagged: "#f0894a",
  other: "#5fb0e8",
  human: "#4cc49a",
  tax: "#d68fc1",
  faint: "#5a6473",
};

const variables = (colours: Readonly<Record<string, string>>) =>
  Object.entries(colours)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");

export const STYLES = `
:root{color-scheme:light dark;${variables(COLOURS)};--card:#f5f6f8;--warn:#fff4e8;--edge:#e0a36a}
@media screen and (prefers-color-scheme:dark){:root{${variables(DARK)};--card:#1f252e;--warn:#2e251b;--edge:#8a5d33}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
main,header,footer{max-width:52rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
h1{font-size:2rem;line-height:1.2;margin:0 0 .4rem;letter-spacing:-.01em}
h2{font-size:1.5rem;line-height:1.25;margin:3.5rem 0 .6rem;padding-top:1.2rem;border-top:2px solid var(--grid)}
h3{font-size:1.1rem;margin:2rem 0 .4rem}
p{margin:.6rem 0}
a{color:var(--other)}
.lead{font-size:1.12rem}
.soft,figcaption{color:var(--soft)}
figcaption{font-size:.92rem;margin:0 0 .7rem}
figure{margin:1.6rem 0 2.2rem}
figure h3{margin:0}
svg{display:block;width:100%;height:auto}
.narrow{display:none}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.8rem;margin:1.5rem 0;padding:0;list-style:none}
.tiles li{background:var(--card);border-radius:.7rem;padding:.9rem 1rem}
.tiles strong{display:block;font-size:1.75rem;line-height:1.2;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
.tiles span{display:block;font-size:.88rem;color:var(--soft);line-height:1.4}
.tiles .bad strong{color:var(--flagged)}.tiles .good strong{color:var(--human)}
.note{background:var(--warn);border-left:4px solid var(--edge);border-radius:.3rem;padding:.7rem 1rem;margin:1.2rem 0}
.verdict{font-size:1.08rem;font-weight:600}
nav{margin:1.5rem 0}
nav ol{columns:2;column-gap:2rem;margin:0;padding-left:1.3rem}
.scroll{overflow-x:auto;margin:.8rem 0}
table{border-collapse:collapse;font-size:.88rem;line-height:1.4;min-width:100%}
th,td{text-align:left;padding:.35rem .7rem .35rem 0;border-bottom:1px solid var(--grid);vertical-align:top}
th{color:var(--soft);font-weight:600;white-space:nowrap}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.n+td:not(.n),th.n+th:not(.n){padding-left:.7rem}
details{margin:.4rem 0}
summary{cursor:pointer;color:var(--other);font-size:.92rem}
.cluster{background:var(--card);border-radius:.7rem;padding:.2rem 1rem .8rem;margin:.8rem 0}
.cluster h3{margin:.8rem 0 .2rem}
.cluster ul{margin:.3rem 0;padding-left:1.2rem}
code{font:.88em ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:fit-content(45%) minmax(0,1fr);gap:.2rem 1rem;font-size:.92rem}
dt,dd{overflow-wrap:anywhere}dt{font-weight:600}dd{margin:0;color:var(--soft)}
@media (max-width:640px){dl{display:block}dd{margin-bottom:.4rem}}
td code{white-space:nowrap}
.caveats li{margin:.5rem 0}
footer{margin-top:4rem;padding-top:1rem;padding-bottom:3rem;border-top:2px solid var(--grid);color:var(--soft);font-size:.9rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip:focus{position:static;width:auto;height:auto;clip-path:none}
@media (max-width:640px){
.wide{display:none}.narrow{display:block}
h1{font-size:1.6rem}h2{font-size:1.3rem;margin-top:2.5rem}
nav ol{columns:1}.tiles{grid-template-columns:1fr 1fr}.tiles strong{font-size:1.4rem}
}
@media print{
body{font-size:10.5pt}main,header,footer{max-width:none}
.wide{display:block}.narrow,nav,.skip{display:none}
figure,.cluster,.tiles li{break-inside:avoid}h2,h3{break-after:avoid}
.scroll{overflow:visible}details:not([open]){display:none}
}
`;
