import { isAnnouncement } from "@capnweb/wire";
import { parsePeerMessage, slotOf } from "../conformance/messages.ts";
import type { ScenarioResult } from "../conformance/result.ts";

/** A row of an exchange. A message of the kit has no counterpart in the recording. */
export interface Row {
  readonly from: "kit" | "peer";
  /** The message that was sent; `undefined` for a recorded one that didn't come. */
  readonly actual: string | undefined;
  /** The message that the recording has in its place; `undefined` if there is none. */
  readonly expected: string | undefined;
}

/**
 * The messages of a scenario, with the recorded message beside each of the peer's. Recorded
 * messages that didn't come are at the end.
 */
export function alignedRows({ exchange = [], recorded = [] }: ScenarioResult): Row[] {
  const waiting = recorded.map((text) => ({ text, subject: subjectOf(text) }));
  const rows = exchange.map(({ from, text: actual }): Row => {
    if (from === "kit") return { from, actual, expected: undefined };
    const subject = subjectOf(actual);
    const at = waiting.findIndex((each) => each.subject === subject);
    const [counterpart] = at < 0 ? [] : waiting.splice(at, 1);
    return { from, actual, expected: counterpart?.text };
  });
  const missing = waiting.map(({ text }): Row => {
    return { from: "peer", actual: undefined, expected: text };
  });
  return [...rows, ...missing];
}

/** The subject of a message. Messages with the same subject come in the recorded order. */
function subjectOf(text: string): string {
  const message = parsePeerMessage(text);
  if (isAnnouncement(message)) return "announcement";
  return message[0] === "release" ? `release of ${message[1]}` : slotOf(message);
}
