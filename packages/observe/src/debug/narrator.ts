import { ANNOUNCEMENT_ID } from "@capnweb/wire";
import { ExpressionText, type Names, pathText, short } from "../messages/expression-text.ts";
import { type Direction, Ledger, type ToldMessage, type Unreadable } from "../messages/ledger.ts";
import { ordinary } from "../messages/ordinary.ts";
import type { Redact } from "../messages/redact.ts";
import { announcementText } from "./announcement-text.ts";

const ARROWS = { out: "->", in: "<-" };

/** Tells the messages of a session in words, one line each. */
export class Narrator {
  readonly #ledger = new Ledger();
  readonly #texts: Record<Direction, ExpressionText>;
  readonly #redact: Redact;

  constructor(redact: Redact) {
    this.#redact = redact;
    this.#texts = {
      out: new ExpressionText(namesFor("out"), redact),
      in: new ExpressionText(namesFor("in"), redact),
    };
  }

  /** The lines for a frame; none for bytes, which the next text tells. */
  tell(direction: Direction, frame: unknown): string[] {
    const told = this.#ledger.read(direction, frame);
    return told.map((each) => `${ARROWS[direction]} ${this.#line(each)}`);
  }

  #line(told: ToldMessage | Unreadable): string {
    if ("error" in told) return `a frame that can't be read: ${short(`${told.error}`, 120)}`;
    const { direction } = told;
    const message = told.announcement ? told.message : ordinary(told.message);
    // The error for it would show a part of it that nothing has redacted.
    if (!message) return `a message with a malformed document: ${told.message[0]}`;
    switch (message[0]) {
      case "push":
      case "stream":
        return `call ${own(direction, told.made!.id)} ${this.#operation(message[1], told)}`;
      case "pipe":
        return `stream ${own(direction, told.made!.id)}, to be written to`;
      case "pull":
        return `asks for the result of ${own(direction, message[1])}`;
      case "resolve":
        return this.#answer("result", message[1], message[2], told);
      case "reject":
        return told.announcement
          ? announcementText(message[2], this.#redact)
          : this.#answer("failure", message[1], message[2], told);
      case "release":
        return message[1] === ANNOUNCEMENT_ID
          ? "answers the announcement"
          : `releases ${reference(direction, message[1])}`;
      case "abort":
        return `ends the session: ${this.#texts[direction].value(message[1], "", "error")}`;
    }
  }

  /** The operation of a call, as `users.list(…) on the result of #6`. */
  #operation(expression: unknown, { direction, made }: ToldMessage): string {
    const text = this.#texts[direction];
    const [tag, id, path, given, instructions] = Array.isArray(expression)
      ? (expression as unknown[])
      : [];
    if (tag === "pipeline" || tag === "import") {
      const name = pathText(path).slice(1);
      const call = Array.isArray(given) ? `(${text.arguments(given, made!.method)})` : "";
      return `${name || "it"}${call}${on(direction, id)}`;
    }
    if (tag === "remap") {
      const count = Array.isArray(instructions) ? instructions.length : 0;
      const name = pathText(path).slice(1);
      return `${name ? `${name}.` : ""}map(… ${count} steps)${on(direction, id)}`;
    }
    return `of a value: ${text.value(expression, "", "value")}`;
  }

  #answer(kind: "result" | "failure", id: number, value: unknown, told: ToldMessage): string {
    const { direction, answered, at } = told;
    const part = kind === "result" ? "result" : "error";
    const text = this.#texts[direction].value(value, answered?.method ?? "", part);
    // The id is an export of the sender, so it names something that the other side imports.
    const importer = direction === "in" ? "out" : "in";
    if (id < 0) return `${kind} of ${reference(importer, id)}: ${text}`;
    const name = answered?.method ? ` ${short(answered.method)}` : "";
    const after = answered ? ` after ${milliseconds(at - answered.at)}` : "";
    return `${kind} of ${own(importer, id)}${name}${after}: ${text}`;
  }
}

/** Names a call by the side that made it. */
function own(madeBy: Direction, id: number): string {
  return madeBy === "out" ? `#${id}` : `peer's #${id}`;
}

/** Names an import of a message's sender. */
function reference(direction: Direction, id: unknown): string {
  if (id === 0) return direction === "out" ? "the peer's main object" : "our main object";
  if (typeof id !== "number") return "<nothing>";
  if (id > 0) return `the result of ${own(direction, id)}`;
  return direction === "out" ? `the peer's capability ${-id}` : `our capability ${-id}`;
}

/** The object of an operation, unless it is the main object. */
function on(direction: Direction, id: unknown): string {
  return id === 0 ? "" : ` on ${reference(direction, id)}`;
}

function namesFor(direction: Direction): Names {
  const whose = direction === "out" ? "our" : "the peer's";
  return {
    ofReceiver: (id) => `<${reference(direction, id)}>`,
    ofSender(tag, id) {
      if (typeof id !== "number") return "<nothing>";
      const kinds: Record<string, string> = {
        promise: "promise",
        writable: "writable stream",
        readable: "stream",
      };
      return `<${whose} ${kinds[tag] ?? "capability"} ${Math.abs(id)}>`;
    },
  };
}

function milliseconds(time: number): string {
  return `${time < 10 ? time.toFixed(1) : Math.round(time)} ms`;
}
