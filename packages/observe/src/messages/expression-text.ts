import { REDACTED, type Redact, type ValuePlace } from "./redact.ts";

/** Names the imports and exports that expressions refer to. */
export interface Names {
  /** One of the receiver's objects. */
  ofReceiver(id: unknown): string;
  /** One of the sender's objects, which it hands over. */
  ofSender(tag: string, id: unknown): string;
}

/** Longer texts of one value are cut. */
const LONGEST_TEXT = 60;

/** Further members and elements are only counted. */
const MOST_PARTS = 8;

const MOST_LEVELS = 5;

/** Writes an expression of the protocol in words. The work is bounded, whatever the expression. */
export class ExpressionText {
  readonly #names: Names;
  readonly #redact: Redact;

  constructor(names: Names, redact: Redact) {
    this.#names = names;
    this.#redact = redact;
  }

  /** The arguments of a call, without parentheses. */
  arguments(list: unknown, method: string): string {
    if (!Array.isArray(list)) return "";
    return this.#parts(list, (each, i) =>
      this.#value(each, { method, part: "arguments", path: [i] }),
    );
  }

  /** Any other expression. */
  value(expression: unknown, method: string, part: ValuePlace["part"]): string {
    return this.#value(expression, { method, part, path: [] });
  }

  #value(expression: unknown, place: ValuePlace): string {
    let shown: unknown;
    try {
      shown = this.#redact(expression, place);
    } catch {
      return "<not shown, because the function that redacts failed>";
    }
    if (shown !== expression) return shown === REDACTED ? REDACTED : short(`${shownText(shown)}`);
    if (Array.isArray(expression)) return this.#tagged(expression, place);
    if (typeof expression !== "object" || expression === null) return scalar(expression);
    const prototype: unknown = Object.getPrototypeOf(expression);
    if (prototype !== Object.prototype && prototype !== null) return native(expression);
    if (place.path.length >= MOST_LEVELS) return "{…}";
    const inner = this.#parts(Object.entries(expression), ([name, value]) => {
      const text = this.#value(value, { ...place, path: [...place.path, name] });
      return `${short(name)}: ${text}`;
    });
    return inner === "" ? "{}" : `{ ${inner} }`;
  }

  #tagged(expression: readonly unknown[], place: ValuePlace): string {
    const [tag, first, second] = expression;
    if (Array.isArray(tag)) {
      if (place.path.length >= MOST_LEVELS) return "[…]";
      const inner = this.#parts(tag, (each, i) =>
        this.#value(each, { ...place, path: [...place.path, i] }),
      );
      return `[${inner}]`;
    }
    const write = typeof tag === "string" && Object.hasOwn(WRITERS, tag) ? WRITERS[tag] : undefined;
    if (write) return write(first, second);
    if (tag === "import" || tag === "pipeline") {
      return `${this.#names.ofReceiver(first)}${pathText(second)}`;
    }
    if (tag === "export" || tag === "promise" || tag === "writable" || tag === "readable") {
      return this.#names.ofSender(tag, first);
    }
    return `<${short(`${shownText(tag)}`)}>`;
  }

  #parts<T>(parts: readonly T[], write: (part: T, i: number) => string): string {
    const texts = parts.slice(0, MOST_PARTS).map(write);
    const more = parts.length - texts.length;
    if (more > 0) texts.push(`… ${more} more`);
    return texts.join(", ");
  }
}

/** The path of a call or reference, as `.users.list`. */
export function pathText(path: unknown): string {
  if (!Array.isArray(path)) return "";
  const names = path.slice(0, MOST_PARTS).map((name) => `.${short(`${shownText(name)}`)}`);
  return names.join("") + (path.length > MOST_PARTS ? ".…" : "");
}

/** A text that isn't too long, in one line. */
export function short(text: string, most = LONGEST_TEXT): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  // Control characters could write over other lines of a terminal, and others turn a line round.
  return cut.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, "�");
}

const WRITERS: Readonly<Record<string, (first: unknown, second: unknown) => string>> = {
  undefined: () => "undefined",
  inf: () => "Infinity",
  "-inf": () => "-Infinity",
  nan: () => "NaN",
  bigint: (digits) => short(`${shownText(digits)}n`),
  date: (time) => (typeof time === "number" ? dateText(time) : "<date>"),
  bytes: (content) => `<${bytesOf(content)} bytes>`,
  error: (name, message) => short(`${shownText(name)}: ${shownText(message)}`, 2 * LONGEST_TEXT),
  url: (href) => `<${short(`${shownText(href)}`)}>`,
};

function dateText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "<invalid date>" : `<${date.toISOString()}>`;
}

/** The number of bytes: a length, or base64 without padding. */
function bytesOf(content: unknown): number {
  if (typeof content === "number") return content;
  if (typeof content === "string") return Math.floor((content.length * 3) / 4);
  return content instanceof Uint8Array ? content.length : 0;
}

/** Text for scalars alone, because others may have any `toString`. */
function shownText(value: unknown): string | number | boolean {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return `<${typeof value}>`;
}

function scalar(value: unknown): string {
  if (typeof value !== "string") return short(`${value as number}`);
  return JSON.stringify(short(value));
}

/** A value that a medium clones. */
function native(value: object): string {
  if (value instanceof Date) return dateText(value.getTime());
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  return "<value>";
}
