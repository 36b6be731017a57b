import type { Line, Transcript } from "./transcript.ts";

/** The version of the files' format. */
const VERSION = 1;

/**
 * A transcript as JSON lines: what it is first, then a line per message. A message is a tree where
 * that says it all, else text.
 */
export function formatTranscript({ lines, ...rest }: Transcript): string {
  const head = JSON.stringify({ transcript: VERSION, ...rest });
  return `${[head, ...lines.map(formatLine)].join("\n")}\n`;
}

/** @throws SyntaxError for what isn't a transcript of this version */
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
