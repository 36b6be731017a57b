import type { Row } from "./figures.data.ts";

const BUNDLE = "a WebSocket client (wire, core, transport-ws)";

/**
 * The size of a client, from docs/sizes.md: ours, and the reference's, which is the second library.
 *
 * @throws Error if the page no longer has the bundle
 */
export function sizeRow(sizes: string, libraries: number): Row {
  const row = sizes.split("\n").find((line) => line.startsWith(`| ${BUNDLE} |`));
  const [, , ours, , reference] = row?.split("|").map((cell) => cell.trim()) ?? [];
  if (!ours || !reference) throw new Error(`docs/sizes.md has no bundle "${BUNDLE}".`);
  const figures = Array.from({ length: libraries }, (_, i) => [ours, reference][i]);
  return {
    what: "a WebSocket client in a page, gzipped",
    figures: figures.map((bytes) => bytes && `${(Number(bytes) / 1e3).toFixed(1)} kB`),
  };
}
