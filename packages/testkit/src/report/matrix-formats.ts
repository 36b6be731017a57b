import type { Matrix } from "./matrix.ts";
import { matrixHtml } from "./matrix-html.ts";
import { matrixMarkdown } from "./matrix-markdown.ts";

/** The formats of a matrix. */
export type MatrixFormat = "markdown" | "html";

/**
 * Formats a matrix as text.
 *
 * @param pages the URLs of the HTML reports, in the order of the columns, for links from a page of
 *   HTML. Default: none
 */
export function formatMatrix(
  matrix: Matrix,
  format: MatrixFormat,
  pages: readonly (string | undefined)[] = [],
): string {
  return format === "html" ? matrixHtml(matrix, pages) : matrixMarkdown(matrix);
}
