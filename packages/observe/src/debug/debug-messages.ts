import { type BaseSession, reportError } from "@capnweb/core";
import { checkOptions, type OptionRules, optionRules } from "@capnweb/core/options";
import type { MessageEvent, SessionEvent } from "../channels/events.ts";
import { channels } from "../channels/index.ts";
import { short } from "../messages/expression-text.ts";
import { type Redact, redactByName } from "../messages/redact.ts";
import { Narrator } from "./narrator.ts";

declare const process: { readonly env?: Readonly<Record<string, string | undefined>> } | undefined;

/** Options of {@link debugMessages}. */
export interface DebugOptions {
  /** Default: true if the environment has `CAPNWEB_DEBUG`, other than `0`. */
  enabled?: boolean | undefined;
  /**
   * Hides secrets. Default: the values of members whose names are usual for secrets, such as
   * `password`, `token` and `cookie`. An own function replaces this rule: call `redactByName` in it
   * to keep the rule.
   *
   * @example
   * ```ts
   * const redact: Redact = (value, place) =>
   *   place.method === "login" && place.path[0] === 1 ? "<hidden>" : redactByName(value, place);
   * ```
   */
  redact?: Redact | undefined;
  /** Receives each line. Default: `console.debug`. */
  print?: ((line: string) => void) | undefined;
}

const RULES: OptionRules<DebugOptions> = {
  enabled: optionRules.boolean,
  redact: optionRules.function,
  print: optionRules.function,
};

/**
 * Prints each message of the sessions with the options of `observe()`, decoded and explained, with
 * its session and time. For development: it reads all messages a second time.
 *
 * Does nothing unless it is enabled, so that a program can always call it. Call it before
 * `observe()`.
 *
 * @returns a function that ends it
 * @throws TypeError for an unknown option or a wrong value
 *
 * @example
 * ```ts
 * debugMessages(); // CAPNWEB_DEBUG=1 node server.js
 * // s1     12 ms -> call #7 users.list({ page: 2 }) on the result of #6
 * ```
 */
export function debugMessages(options: DebugOptions = {}): () => void {
  checkOptions("debugMessages()", options, RULES);
  const { enabled = isAskedFor(), redact = redactByName, print = printToConsole } = options;
  return enabled ? start(redact, print) : () => {};
}

function start(redact: Redact, print: (line: string) => void): () => void {
  const since = performance.now();
  const sessions = new WeakMap<BaseSession<any>, { id: number; narrator: Narrator }>();
  let count = 0;
  const stateOf = (session: BaseSession<any>) => {
    const found = sessions.get(session);
    if (found) return found;
    const made = { id: ++count, narrator: new Narrator(redact) };
    sessions.set(session, made);
    return made;
  };
  const say = (session: BaseSession<any>, lines: () => readonly string[]) => {
    try {
      const prefix = `s${stateOf(session).id} ${time(performance.now() - since)}`;
      for (const line of lines()) print(`${prefix} ${line}`);
    } catch (error) {
      reportError(error, "observer");
    }
  };
  const message = ({ session, direction, message: frame }: MessageEvent) => {
    say(session, () => stateOf(session).narrator.tell(direction, frame));
  };
  const subscribers = {
    start: ({ session, medium }: SessionEvent) =>
      say(session, () => [`== session over ${medium} starts`]),
    asyncEnd: ({ session, reason }: SessionEvent) =>
      say(session, () => [`== session ends: ${reasonText(reason)}`]),
  };
  channels.message.subscribe(message);
  channels.session.subscribe(subscribers);
  return () => {
    channels.message.unsubscribe(message);
    channels.session.unsubscribe(subscribers);
  };
}

function isAskedFor(): boolean {
  const value = typeof process === "undefined" ? undefined : process.env?.["CAPNWEB_DEBUG"];
  return value !== undefined && value !== "" && value !== "0";
}

function time(milliseconds: number): string {
  return `${Math.round(milliseconds)} ms`.padStart(9);
}

const LONGEST_REASON = 200;

/** A peer may have chosen the reason. */
function reasonText(reason: unknown): string {
  return short(`${reason}`.slice(0, LONGEST_REASON).replaceAll(/\s+/g, " "), LONGEST_REASON);
}

function printToConsole(line: string): void {
  const { console } = globalThis as { console?: { debug(line: string): void } };
  console?.debug(line);
}
