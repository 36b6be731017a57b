import type { Line, Side } from "../transcript/transcript.ts";

/** A transcript in which a body travels inside its message instead of in a pipe. */
export interface WithoutPipe {
  readonly lines: readonly Line[];
  /** The recorded ids of the imports that are left out. */
  readonly imports: readonly number[];
}

/** The message that hands over the reading end of the pipe that `side` makes at line `at`. */
export function carrierOf(
  lines: readonly Line[],
  at: number,
  side: Side,
  pipe: number,
): unknown[] | undefined {
  const line = lines
    .slice(at + 1)
    .find(({ from, text }) => from === side && text?.includes(`["readable",${pipe}]`));
  return line && JSON.parse(line.text!);
}

/** The body of a `Request` or `Response` in a message, if it is text or bytes. */
export function bodyIn(tree: unknown): unknown {
  if (typeof tree !== "object" || tree === null) return undefined;
  if (Array.isArray(tree)) {
    const body = tree[0] === "response" ? tree[1] : tree[0] === "request" && tree[2]?.body;
    if (typeof body === "string" || body?.[0] === "bytes") return body;
  }
  for (const each of Object.values(tree)) {
    const body = bodyIn(each);
    if (body !== undefined) return body;
  }
  return undefined;
}

/**
 * The transcript without the pipe that `side` makes at line `at`, the writes to it, and the
 * answers.
 *
 * @param body replaces the pipe, if its content is the same
 */
export function withoutPipe(
  lines: readonly Line[],
  at: number,
  side: Side,
  pipe: number,
  body: unknown,
): WithoutPipe {
  const imports = [pipe];
  const chunks: Buffer[] = [];
  const left = new Set([lines[at]!]);
  let introduced = pipe;
  for (const line of lines.slice(at + 1)) {
    const [tag, operand] = JSON.parse(line.text ?? "[]");
    if (line.from !== side) {
      if ((tag === "resolve" || tag === "reject") && imports.includes(operand)) left.add(line);
      continue;
    }
    if (tag === "release" && operand === pipe) left.add(line);
    if (!["push", "stream", "pipe"].includes(tag)) continue;
    introduced++;
    if (operand?.[0] !== "pipeline" || operand[1] !== pipe) continue;
    const [, , [method], args] = operand;
    if (method === "write") chunks.push(Buffer.from(args[0][1], "base64"));
    imports.push(introduced);
    left.add(line);
  }
  const content = Buffer.concat(chunks);
  const inPlace =
    typeof body === "string"
      ? content.toString()
      : ["bytes", content.toString("base64").replace(/=+$/, "")];
  const kept = lines.filter((line) => !left.has(line));
  return { imports, lines: kept.map((line) => replaced(line)) };

  function replaced({ from, after, text, ...end }: Line): Line {
    return {
      from,
      after: lines.slice(0, after).filter((line) => !left.has(line)).length,
      text: from === side ? withBody(text, pipe, inPlace) : text,
      ...end,
    };
  }
}

/** The message with the body in place of the pipe. Only streams need `duplex`. */
function withBody(text: string | undefined, pipe: number, body: unknown): string | undefined {
  return text
    ?.replace(`["readable",${pipe}],"duplex":"half"`, JSON.stringify(body))
    .replace(`["readable",${pipe}]`, JSON.stringify(body));
}
