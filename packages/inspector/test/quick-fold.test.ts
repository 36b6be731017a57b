import { loadTranscripts } from "@capnweb/testkit/conformance";
import { DEFAULT_LIMITS, parseMessage } from "@capnweb/wire";
import { expect, test } from "vitest";
import { InspectorModel } from "../src/model/index.ts";
import { NO_HISTORY } from "../src/model/store.ts";
import type { Entry } from "../src/recording/entry.ts";
import { WrittenSession } from "./session.ts";

/** The state of a session, as far as a page shows it. */
function stateAfter(entries: readonly Entry[], model: InspectorModel) {
  for (const entry of entries) model.add(entry);
  return model
    .held()
    .map(({ kind, id, owner, count, since, from, how }) =>
      [kind, owner, id, count, since, how, from?.name, from?.trip, from?.state].join(" "),
    )
    .sort();
}

function isMessage(text: string): boolean {
  try {
    parseMessage(text, DEFAULT_LIMITS);
    return true;
  } catch {
    return false;
  }
}

test("the state that a recorder keeps is that of a model which reads everything", async () => {
  const transcripts = await loadTranscripts();
  expect(transcripts.size).toBeGreaterThan(100);
  for (const { name, lines } of transcripts.values()) {
    const session = new WrittenSession();
    for (const { from, text } of lines) {
      // A malformed message ends the session.
      if (text === undefined || !isMessage(text)) break;
      session.frame(from, text);
    }
    // The state at every moment, because any entry may be the last that was dropped.
    for (let end = 1; end <= Math.min(session.entries.length, 60); end++) {
      const entries = session.entries.slice(0, end);
      const quick = stateAfter(entries, new InspectorModel(NO_HISTORY));
      expect(quick, `${name}, ${end}`).toEqual(stateAfter(entries, new InspectorModel()));
    }
  }
});

test("a model goes on from it at any moment", () => {
  const session = new WrittenSession()
    .client(["push", ["pipeline", 0, ["open"], [1]]])
    .client(["stream", ["pipeline", 0, ["quick"], []]])
    .client(["push", ["pipeline", 1, ["read"], []]], ["pull", 3], ["release", 1, 1])
    .server(["resolve", 2, 5], ["resolve", 3, ["export", -1]])
    .client(["stream", ["pipeline", -1, ["more"], []]], ["release", 3, 1]);
  const whole = stateAfter(session.entries, new InspectorModel());
  for (let end = 1; end < session.entries.length; end++) {
    const base = new InspectorModel(NO_HISTORY);
    for (const entry of session.entries.slice(0, end)) base.add(entry);
    const model = InspectorModel.from(JSON.parse(JSON.stringify(base.snapshot())));
    expect(stateAfter(session.entries.slice(end), model), `${end}`).toEqual(whole);
  }
});
