/** Colours by meaning, for light pages; a page may set the variable to another one. Hues of Okabe and Ito, apart for every kind of sight. */
export const COLOURS = {
  ink: "#1f2430",
  soft: "#5b6472",
  grid: "#e3e6ea",
  paper: "#fffffe",
  flagged: "#c8500a",
  other: "#0a6aa8",
  human: "#0a8560",
  tax: "#a3508c",
  faint: "#b9c0c9",
} as const;

/** As an attribute that follows the page's variable of the colour's name: `var(--ink,#1f2430)`. */
export function withVariables(svg: string): string {
  return Object.entries(COLOURS).reduce(
    (text, [name, colour]) => text.replaceAll(`"${colour}"`, `"var(--${name},${colour})"`),
    svg,
  );
}
