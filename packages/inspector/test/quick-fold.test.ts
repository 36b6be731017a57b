import { loadTranscripts } from "@capnweb/testkit/conformance";
import { DEFAULT_LIMITS, parseMessage } from "@capnweb/wire";
import fc from "fast-check";
import { expect, test } from "vitest";
import { InspectorModel } from "../src/model/index.ts";
import { NO_HISTORY } from "../src/model/store.ts";
import type { Entry } from "../src/recording/entry.ts";
import { EntryRing } from "../src/recording/entry-ring.ts";
import { WrittenSession } from "./session.ts";

/** The model of a recorder that has dropped all of its entries, whose texts it kept as bytes. */
function folded(entries: readonly Entry[]): InspectorModel {
  const ring = new EntryRing(1, Infinity);
  for (const entry of entries) ring.add(entry);
  ring.pack(0, 0, 0);
  const model = new InspectorModel(NO_HISTORY);
  ring.dropInto(model);
  model.add(ring.shift());
  return model;
}

/** The state of a session, as far as a page shows it. */
function stateAfter(entries: readonly Entry[], model: InspectorModel) {
  for (const entry of entries) model.add(entry);
  return stateOf(model);
}

function stateOf(model: InspectorModel) {
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
      const whole = stateAfter(entries, new InspectorModel());
      expect(quick, `${name}, ${end}`).toEqual(whole);
      expect(stateOf(folded(entries)), `${name}, ${end}`).toEqual(whole);
    }
  }
});

const VALUES = [
  1,
  "é\u{1f600}",
  "a\nb",
  [["b", "promised"]],
  { export: 1 },
  "x".repeat(300),
  ["json", ["export", 1]],
];

test("it is so for joined calls and answers in any order", () => {
  const action = fc.record({
    does: fc.constantFrom("stream", "stream", "stream", "push", "pull", "answer", "answer", "give"),
    other: fc.constantFrom("use", "fail", "release", "none", "none", "none"),
    value: fc.constantFrom(...VALUES),
    which: fc.nat(),
    joins: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60, size: "max" }), (actions) => {
      const session = new WrittenSession();
      const lines = { client: [] as unknown[], server: [] as unknown[] };
      const flush = (from: "client" | "server") => {
        const texts = lines[from].splice(0).map((line) => JSON.stringify(line));
        if (texts.length > 0) session.frame(from, texts.join("\n"));
      };
      /** Ids of results without an answer, and of those that are held. */
      const asked: number[] = [];
      const held: number[] = [];
      let calls = 0;
      let exported = 0;
      for (const { does, other, value, which, joins } of actions) {
        if (does === "stream" || does === "push") {
          const target = other === "use" && held.length > 0 ? held[which % held.length] : 0;
          lines.client.push([does, ["pipeline", target, ["get"], [value]]]);
          asked.push(++calls);
          if (does === "push") held.push(calls);
        } else if (does === "pull" && held.length > 0) {
          lines.client.push(["pull", held[which % held.length]]);
          if (other === "release") {
            const id = held.splice(which % held.length, 1)[0];
            lines.client.push(["release", id, 1]);
          }
        } else if (asked.length > 0) {
          // Calls leave before their answers.
          flush("client");
          const id = asked.splice(which % asked.length, 1)[0]!;
          const result = does === "give" ? ["export", -++exported] : value;
          lines.server.push([other === "fail" ? "reject" : "resolve", id, result]);
        }
        if (!joins) {
          flush("client");
          flush("server");
        }
      }
      const whole = stateAfter(session.entries, new InspectorModel());
      expect(stateAfter(session.entries, new InspectorModel(NO_HISTORY))).toEqual(whole);
      expect(stateOf(folded(session.entries))).toEqual(whole);
    }),
    { numRuns: 300 },
  );
});

/** The calls of a session that are under way, with the facts that the process has noted. */
function callsOf(model: InspectorModel): string[] {
  return model
    .held()
    .map(({ kind, id, label, stack, from }) =>
      [kind, id, label, stack, from?.name, from?.target, from?.stack].join(" "),
    )
    .sort();
}

test("notes find the same calls", () => {
  const call = (name: string) => ["push", ["pipeline", 0, [name], []]];
  const session = new WrittenSession(1, "server")
    .client(call("first"), call("twice"))
    .note({ is: "served", serial: 1, name: "first", target: "Api" })
    .note({ is: "served", serial: 2, name: "twice", target: "Api" })
    .client(call("twice"), call('"quoted"\\'), ["push", ["pipeline", 0, ["a", "b"], []]])
    .note({ is: "gave", serial: 2, given: [{ label: "Cart", stack: "at shop.ts:1" }] })
    .server(["resolve", 2, ["export", -1]], ["resolve", 1, 5])
    .client(["release", 1, 1])
    .note({ is: "served", serial: 3, name: "twice", target: "Other" })
    .note({ is: "served", serial: 4, name: '"quoted"\\', target: "Api" })
    .note({ is: "served", serial: 5, name: "a.b", target: "Api" })
    .note({ is: "gave", serial: 1, given: [{ label: "Late" }] })
    .client(["push", ["pipeline", 3, ["then"], []]])
    .note({ is: "called", name: "hello", stack: "at api.ts:3" })
    .note({ is: "called", name: "hello", stack: "at api.ts:4" })
    .server(call("hello"), call("hello"))
    .note({ is: "gave", serial: 3, given: [{ label: "Item" }] })
    .server(["resolve", 3, ["export", -2]], ["resolve", 4, 1]);
  for (let end = 1; end <= session.entries.length; end++) {
    const quick = new InspectorModel(NO_HISTORY);
    const whole = new InspectorModel();
    for (const each of session.entries.slice(0, end)) {
      quick.add(each);
      whole.add(each);
    }
    expect(callsOf(quick), `${end}`).toEqual(callsOf(whole));
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
    for (const each of [base, folded(session.entries.slice(0, end))]) {
      const model = InspectorModel.from(JSON.parse(JSON.stringify(each.snapshot())));
      expect(stateAfter(session.entries.slice(end), model), `${end}`).toEqual(whole);
    }
  }
});
