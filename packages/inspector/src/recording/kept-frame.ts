import { referencesIn } from "../model/references.ts";
import { copied } from "../model/text.ts";
import { linesOf } from "./lines-of.ts";

/** Longer texts are kept in part, and longer bytes too. */
const LONGEST_TEXT = 1024 * 1024;
const LONGEST_BYTES = 64 * 1024;
/** The longest text in a message that is kept in part. */
const LONGEST_PART = 200;

/** The part of a frame that a recording keeps. */
export interface KeptFrame {
  readonly frame: string | Uint8Array;
  /** The size of the whole frame, if only a part is kept. */
  readonly size?: number | undefined;
}

/**
 * Returns a frame in the form that is kept. Bytes are copied. A message that is too long loses its
 * values, but keeps its references, so that the ids of later messages stay right.
 */
export function keptFrame(frame: unknown): string | KeptFrame {
  if (typeof frame === "string") {
    if (frame.length <= LONGEST_TEXT) return frame;
    return { frame: skeletonOf(frame), size: frame.length };
  }
  if (frame instanceof Uint8Array || frame instanceof ArrayBuffer) {
    const bytes = frame instanceof ArrayBuffer ? new Uint8Array(frame) : frame;
    // A copy: `slice` of a Buffer shares its memory, and the session owns that.
    if (bytes.length <= LONGEST_BYTES) return { frame: new Uint8Array(bytes) };
    return { frame: new Uint8Array(bytes.subarray(0, LONGEST_BYTES)), size: bytes.length };
  }
  return keptFrame(textOf(frame));
}

function skeletonOf(text: string): string {
  const kept: string[] = [];
  let left = LONGEST_TEXT;
  for (const line of linesOf(text)) {
    const short = lineSkeleton(line);
    // A session ends with a text that is no message.
    if (short === undefined || short.length > left) {
      kept.push(copied(line.slice(0, LONGEST_PART)));
      break;
    }
    kept.push(short);
    left -= short.length;
  }
  return kept.join("\n");
}

/** The text of a message without its values; `undefined` for one that is none. */
function lineSkeleton(line: string): string | undefined {
  try {
    const short = skeleton(JSON.parse(line));
    return short && JSON.stringify(short);
  } catch {
    return undefined;
  }
}

/** The operands of a message that are kept, with references in place of the rest. */
function skeleton(message: unknown): unknown[] | undefined {
  if (!Array.isArray(message)) return undefined;
  const [tag, first, second] = message as unknown[];
  if (tag === "push" || tag === "stream") return [tag, operationSkeleton(first)];
  if (tag === "resolve" || tag === "reject") return [tag, first, [referenceList(second)]];
  if (tag === "abort") return [tag, "…"];
  return tag === "pull" || tag === "release" || tag === "pipe" ? message : undefined;
}

function operationSkeleton(expression: unknown): unknown {
  const [tag, id, path] = Array.isArray(expression) ? (expression as unknown[]) : [];
  const isOperation = (tag === "pipeline" || tag === "import") && typeof id === "number";
  if (!isOperation || JSON.stringify(path)?.length > LONGEST_PART)
    return [referenceList(expression)];
  // The first reference is the operation itself.
  return [tag, id, path, [[referenceList(expression).slice(1)]]];
}

function referenceList(expression: unknown): unknown[] {
  return referencesIn(expression).map(({ tag, id }) =>
    tag === "remap" ? ["pipeline", id] : [tag, id],
  );
}

/** Writes the tree of a message as text, with native values in the form that text has. */
function textOf(tree: unknown): string {
  try {
    return JSON.stringify(tree, replaceNative) ?? "null";
  } catch {
    return "null";
  }
}

function replaceNative(this: any, key: string, value: unknown): unknown {
  // Dates have become text by now.
  const native: unknown = this[key];
  if (typeof native === "bigint") return ["bigint", String(native)];
  if (native === undefined) return ["undefined"];
  if (native instanceof Date) return ["date", native.getTime()];
  if (native instanceof ArrayBuffer || ArrayBuffer.isView(native)) {
    return ["bytes", "", native.constructor.name];
  }
  if (typeof native === "number" && !Number.isFinite(native)) {
    return [Number.isNaN(native) ? "nan" : native > 0 ? "inf" : "-inf"];
  }
  return value;
}
