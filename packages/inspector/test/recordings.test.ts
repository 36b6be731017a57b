import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatHeader, InspectorModel, meaningOf, parseRecording } from "../src/model/index.ts";

const HEADER = formatHeader("anyone's");

const open = { kind: "open", session: 1, at: 1, label: "a client" };
const textOf = (...entries: readonly unknown[]) =>
  [HEADER, ...entries.map((entry) => JSON.stringify(entry)), ""].join("\n");

describe("a recorded file of anyone", () => {
  test.each([
    { ...open, at: 1e300 },
    { ...open, session: "1" },
    { ...open, label: { toString: 1 } },
    { kind: "frame", session: 1, at: 1, from: "server", frame: { base64: "not base64!" } },
    { kind: "frame", session: 1, at: 1, from: "nobody", frame: "[]" },
    { kind: "note", session: 1, at: 1, note: { is: "called", name: { toString: 1 }, stack: "" } },
    { kind: "note", session: 1, at: 1, note: { is: "gave", serial: 1, given: { length: 1 } } },
    { kind: "note", session: 1, at: 1, note: { is: "failed", id: 1, name: "a" } },
    { kind: "close", session: 1, at: 1, reason: 5 },
    { kind: "toString", session: 1, at: 1 },
    [open],
    null,
  ])("has no entry in %j", (entry) => {
    expect(parseRecording(textOf(entry))).toMatchObject({ entries: [], unreadable: 1 });
  });

  test("gives members of the expected types alone", () => {
    const entry = JSON.parse(
      '{"kind":"open","session":1,"at":1,"label":"a","medium":{"a":1},"address":["b"],"hasNotes":"no",' +
        '"recordedBy":"both","__proto__":{"polluted":true},"more":1}',
    );
    const { entries } = parseRecording(textOf(entry));
    expect(entries).toEqual([{ kind: "open", session: 1, at: 1, label: "a", hasNotes: false }]);
    expect((entries[0] as { polluted?: boolean }).polluted).toBeUndefined();
    const frame = { kind: "frame", session: 1, at: 1, from: "client", frame: "[]", size: "long" };
    expect(parseRecording(textOf(frame)).entries[0]).not.toHaveProperty("size");
  });

  test("breaks neither the model nor the page's texts", () => {
    const keys = fc.constantFrom("kind", "session", "at", "label", "from", "frame", "note", "is");
    const more = fc.constantFrom("serial", "given", "name", "stack", "message", "reason", "size");
    const words = fc.constantFrom(
      ...[
        "open",
        "frame",
        "note",
        "close",
        "client",
        "server",
        "called",
        "served",
        "failed",
        "gave",
      ],
      ...['["push",["pipeline",0,["a"],[]]]', '["resolve",1,["export",-1]]', '["pipe"]', "[\n["],
    );
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        words,
        fc.constantFrom<unknown>(1, -1, 0.5, 1e300, null, true),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.oneof(keys, more), tie("value"), { maxKeys: 5 }),
      ),
    })).value;
    const kind = fc.constantFrom("open", "frame", "note", "close");
    const from = fc.constantFrom("client", "server");
    const entry = fc.record({ kind, session: fc.constant(1), at: fc.nat(), from }).chain((start) =>
      fc.dictionary(fc.oneof(keys, more), value).map((rest) => ({
        label: "a",
        reason: "gone",
        ...rest,
        ...start,
      })),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), (entries) => {
        const model = new InspectorModel();
        for (const each of parseRecording(textOf(open, ...entries)).entries) model.add(each);
        for (const message of model.messages) expect(meaningOf(message)).toBeTypeOf("string");
        for (const { size, medium } of model.sessions) {
          expect(size).toBeTypeOf("number");
          expect(medium === undefined || typeof medium === "string").toBe(true);
        }
      }),
    );
  });
});
