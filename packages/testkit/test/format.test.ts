import { expect, test } from "vitest";
import { formatTranscript, parseTranscript, type Transcript } from "../src/index.ts";

const TRANSCRIPT: Transcript = {
  id: "XYZ-001",
  since: "0.1",
  section: "messages",
  name: "an example",
  features: ["values"],
  client: { program: [{ do: "settle" }] },
  server: { application: true },
  batch: false,
  ownWording: false,
  notes: [1],
  lines: [
    { from: "client", after: 0, text: '["pull",1]' },
    { from: "client", after: 0, text: '{"__proto__":1, "spaced":2}' },
    { from: "client", after: 0, text: "no JSON" },
    { from: "server", after: 1, text: undefined, end: "over" },
  ],
};

test("a transcript stays the same when it is written and read", () => {
  const text = formatTranscript(TRANSCRIPT);
  expect(parseTranscript(text)).toEqual(TRANSCRIPT);
  expect(text.split("\n")).toHaveLength(6);
  expect(text).toContain('{"from":"client","after":0,"message":["pull",1]}');
  expect(text).toContain('{"from":"client","after":0,"text":"no JSON"}');
});

test("a transcript of another version is refused", () => {
  expect(() => parseTranscript('{"transcript":2}\n')).toThrow("version 1, not 2");
});
