import {
  ANNOUNCEMENT_ID,
  type Expression,
  type Frame,
  type Message,
  MessageReader,
  TAGS,
  withoutDocuments,
} from "@capnweb/wire";
import { CALLS, OURS, PLACES } from "../generate/ids.ts";
import { describe } from "../unhandled.ts";
import { BOX } from "./box.ts";
import type { Ledger } from "./ledger.ts";

/** The messages that a session under attack has sent so far. They must be well-formed. */
export class Sent {
  /** The answer to the well-formed call at the end. */
  token: string | undefined;
  sawToken = false;
  readonly #ledger: Ledger;
  readonly #reader = new MessageReader({ limits: "trusted" });
  /** The ids that were settled. */
  readonly #settled = new Set<number>();
  /** The latest exports introduced, and the latest calls. */
  readonly #exports: number[] = [];
  readonly #calls: number[] = [];
  #lastImport = 0;
  /** True once the attacker may have announced documents. */
  #takesDocuments = false;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** The id that a placeholder currently stands for. */
  idFor(id: number): number {
    if (id <= OURS && id > OURS - PLACES) return this.#exports.at(id - OURS - 1) ?? 0;
    if (id >= CALLS && id < CALLS + PLACES) return this.#calls.at(CALLS - id - 1) ?? 1;
    return id;
  }

  /** Replaces placeholders with ids. */
  nameIds(text: string): string {
    if (!text.includes("90000")) return text;
    return text.replace(/-?90000\d/g, (id) => String(this.idFor(Number(id))));
  }

  /** Notes a text that the session gets. */
  heard(text: string): void {
    this.#takesDocuments ||= text.includes('"capnweb"') && /"(json|table)"/.test(text);
  }

  check(frame: unknown, isText: boolean): void {
    try {
      if (isText !== (typeof frame === "string" || frame instanceof Uint8Array)) {
        throw new Error("text in the place of a tree, or a tree in the place of text");
      }
      for (const { message } of this.#reader.read(frame as Frame)) this.#checkOne(message);
    } catch (error) {
      const shown = describe(frame).slice(0, 500);
      this.#ledger.fault("a malformed message was sent", `${describe(error)}: ${shown}`);
    }
  }

  #checkOne(message: Message): void {
    switch (message[0]) {
      case "push":
      case "stream":
        remember(this.#calls, ++this.#lastImport);
        this.#lookAt(message[1]);
        return;
      case "pipe":
        this.#lastImport++;
        return;
      case "abort":
        this.#lookAt(message[1]);
        return;
      case "resolve":
      case "reject": {
        const [tag, id, expression] = message;
        // Contexts are told as often as they change.
        if (id === ANNOUNCEMENT_ID) return;
        if (this.#settled.has(id)) this.#ledger.fault("an id is settled twice", id);
        this.#settled.add(id);
        if (tag === "resolve" && expression === this.token) this.sawToken = true;
        this.#lookAt(expression);
        return;
      }
    }
  }

  /** Looks at the expression of a message. */
  #lookAt(given: Expression): void {
    const expression = withoutDocuments(given);
    // NaN isn't equal to itself.
    if (!Object.is(expression, given) && !this.#takesDocuments) {
      throw new Error("a document that the peer hasn't announced");
    }
    this.#look(expression);
  }

  #look(expression: Expression): void {
    if (typeof expression !== "object" || expression === null) return;
    if (!Array.isArray(expression)) {
      // The alternative is a native value.
      const isObject = Object.getPrototypeOf(expression) === Object.prototype;
      if (isObject) for (const child of Object.values(expression)) this.#look(child);
      return;
    }
    const [tag, id, , args] = expression as unknown[];
    if (Array.isArray(tag) && expression.length === 1) {
      for (const child of tag) this.#look(child);
    } else if (tag === BOX) {
      for (const child of expression.slice(1)) this.#look(child);
    } else if (tag === "export" || tag === "promise" || tag === "writable") {
      remember(this.#exports, id as number);
    } else if (tag === "pipeline" && Array.isArray(args)) {
      for (const child of args) this.#look(child);
    } else if (!KNOWN.has(tag)) throw new Error(`unknown tag ${String(tag)}`);
  }
}

function remember(list: number[], id: number): void {
  list.push(id);
  if (list.length > PLACES) list.shift();
}

const KNOWN: ReadonlySet<unknown> = new Set(TAGS);
