import type { Line, Transcript } from "./transcript.ts";

/** The version of the file format. */
const VERSION = 1;

/**
 * Formats a transcript as JSON lines: the facts about it first, then one line per message. A
 * message is a tree if that gives the same text again, else text.
 */
export function formatTranscript({ lines, ...rest }: Transcript): string {
  const head = JSON.stringify({ transcript: VERSION, ...rest });
  return `${[head, ...lines.map(formatLine)].join("\n")}\n`;
}

/**
 * Parses a transcript.
 *
 * @throws SyntaxError for text that isn't a transcript of this version
 */
export function parseTranscript(text: string): Transcript {
  const [head, ...lines] = text.trimEnd().split("\n");
  const { transcript, ...rest } = JSON.parse(head!);
  if (transcript !== VERSION) {
    throw new SyntaxError(`Expected a transcript of version ${VERSION}, not ${transcript}.`);
  }
  return { ...rest, lines: lines.map(parseLine) };
}

function formatLine({ from, after, text, end }: Line): string {
  if (text === undefined) return JSON.stringify({ from, after, end });
  const message = parsed(text);
  return JSON.stringify(message === undefined ? { from, after, text } : { from, after, message });
}

function parseLine(json: string): Line {
  const { from, after, message, text, end } = JSON.parse(json);
  if (end !== undefined) return { from, after, text: undefined, end };
  return { from, after, text: text ?? JSON.stringify(message) };
}

/** The tree of a text, if the tree gives the same text again. */
function parsed(text: string): unknown {
  try {
    const tree: unknown = JSON.parse(text);
    return JSON.stringify(tree) === text ? tree : undefined;
  } catch {
    return undefined;
  }
}
