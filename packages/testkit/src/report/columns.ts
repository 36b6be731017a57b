import type { Row } from "./align.ts";
import { printable } from "./escape.ts";

/** Most lines of a message. */
const HEIGHT = 8;
/** The width of the senders' column, and of a mark between two columns. */
const SENDER = 5;
const MARK = 3;

/** The text in place of a message that isn't there. */
const NOTHING = "(nothing)";

/** The space for an exchange, and the place where its messages are in full. */
export interface Space {
  /** Characters in a line. */
  readonly width: number;
  /** The place where cut messages are in full, such as `in report.html`. */
  readonly whole: string;
}

/**
 * An exchange in columns: the messages of the peer at the right, and the recorded ones beside them.
 * A `≠` marks those that differ.
 */
export function exchangeLines(rows: readonly Row[], space: Space): string[] {
  if (rows.length === 0) return [];
  const half = Math.max(20, Math.floor((space.width - SENDER - MARK) / 2));
  const widest = Math.max(...rows.map(({ expected = NOTHING }) => expected.length));
  const column = Math.min(half, widest);
  const head = `${" ".repeat(SENDER)}${"expected".padEnd(column)}${" ".repeat(MARK)}actual`;
  const lines = rows.flatMap(({ from, actual, expected }) => {
    if (from === "kit") {
      return wrapped(actual ?? "", 2 * half + MARK, space.whole).map(
        (line, i) => `${(i === 0 ? "kit" : "").padEnd(SENDER)}${line}`,
      );
    }
    const left = wrapped(expected ?? NOTHING, column, space.whole);
    const right = wrapped(actual ?? NOTHING, 2 * half - column, space.whole);
    const mark = actual === expected ? "   " : " \u2260 ";
    return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
      const start = (i === 0 ? "peer" : "").padEnd(SENDER);
      return `${start}${(left[i] ?? "").padEnd(column)}${i === 0 ? mark : "   "}${right[i] ?? ""}`;
    });
  });
  return [head, ...lines].map((line) => line.trimEnd());
}

function wrapped(text: string, width: number, whole: string): string[] {
  const lines: string[] = [];
  const shown = printable(text.slice(0, HEIGHT * width)).replaceAll("\n", "\\n");
  for (let at = 0; at < shown.length; at += width) lines.push(shown.slice(at, at + width));
  if (text.length > HEIGHT * width) lines.push(`… ${text.length} characters, ${whole}`);
  return lines.length === 0 ? [""] : lines;
}
