// The parts of SVG that the charts need.

/** An element. Attributes in camel case become kebab case; children are markup. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...children: readonly string[]
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${attributeName(key)}="${escapeText(textOf(value!))}"`)
    .join("");
  return children.length === 0
    ? `<${name}${written}/>`
    : `<${name}${written}>${children.join("")}</${name}>`;
}

/** A line of text. `className` sets its style. */
export function text(x: number, y: number, className: string, content: string): string {
  return element("text", { x, y, class: className }, escapeText(content));
}

/** The colours of the series of a picture, by the names of their classes. */
export type Palette = Readonly<Record<string, { readonly light: string; readonly dark: string }>>;

/**
 * A whole picture on a card of its own, which follows the light or dark mode of the reader's
 * system.
 *
 * @param palette the colours of its series. Default: those of the contestants
 */
export function picture(
  width: number,
  height: number,
  title: string,
  content: string,
  palette: Palette = CONTESTANTS,
): string {
  const root = element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
    },
    element("title", {}, escapeText(title)),
    element("style", {}, styleOf(palette)),
    element("rect", {
      class: "card",
      x: 0.5,
      y: 0.5,
      width: width - 1,
      height: height - 1,
      rx: 12,
    }),
    content,
  );
  return `${root.replaceAll("><", ">\n<")}\n`;
}

/** The style of a series, by the contestant it belongs to. */
export type Series = "ours" | "mixed" | "reference" | "raw" | "birpc" | "socketIo" | "other";

// Explicit colours instead of variables, which some programs that show SVG don't know.
const CONTESTANTS = {
  ours: { light: "#2563eb", dark: "#5b9dff" },
  mixed: { light: "#9dbcf8", dark: "#31548f" },
  reference: { light: "#ea8a1a", dark: "#f2a63f" },
  raw: { light: "#5b6675", dark: "#a3afbf" },
  birpc: { light: "#4fae8c", dark: "#4c9f82" },
  socketIo: { light: "#a98bd6", dark: "#9277bd" },
  other: { light: "#cdd5df", dark: "#475363" },
} as const satisfies Record<Series, Palette[string]>;

function styleOf(palette: Palette): string {
  return `
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif }
.heading { font-size: 17px; font-weight: 650 }
.title { font-size: 13px; font-weight: 600 }
.end { text-anchor: end } .middle { text-anchor: middle }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
.grid { stroke-width: 1; shape-rendering: crispEdges }
${scheme("light", palette, { card: "#ffffff", edge: "#dfe4ea", text: "#1b2430", soft: "#5b6675", grid: "#e7ebf0" })}
@media (prefers-color-scheme: dark) {
${scheme("dark", palette, { card: "#11161d", edge: "#2a323d", text: "#e8edf3", soft: "#9aa6b5", grid: "#252d38" })}
}
`;
}

function scheme(
  name: "light" | "dark",
  palette: Palette,
  colours: { card: string; edge: string; text: string; soft: string; grid: string },
): string {
  const series = Object.entries(palette).map(
    ([each, { [name]: colour }]) =>
      `.${each} { fill: ${colour} } .line.${each} { stroke: ${colour}; fill: none }`,
  );
  return [
    `.card { fill: ${colours.card}; stroke: ${colours.edge} }`,
    `text { fill: ${colours.text} } .soft { fill: ${colours.soft} } .grid { stroke: ${colours.grid} }`,
    ...series,
  ].join("\n");
}

function attributeName(key: string): string {
  return key === "viewBox" ? key : key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function textOf(value: string | number): string {
  return typeof value === "number" ? String(Math.round(value * 10) / 10) : value;
}

function escapeText(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
