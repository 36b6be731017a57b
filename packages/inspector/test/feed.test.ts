import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Entry } from "../src/recording/entry.ts";
import { Packer, unpack } from "../src/recording/pack.ts";
import { Recorder } from "../src/recording/recorder.ts";
import { type Batch, Feed } from "../src/server/feed.ts";

const at = fc.integer().map((number) => number / 8);
const session = fc.integer({ min: 1, max: 2 ** 40 });
const from = fc.constantFrom("client" as const, "server" as const);
/** Whole characters, halves of them, and the mark that decoders drop from the start of a text. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "\ufeff[1]", "é\u{1f600}"),
);
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ kind: fc.constant("frame" as const), session, at, from, frame: text }),
  fc.record({
    kind: fc.constant("frame" as const),
    session,
    at,
    from,
    frame: fc.uint8Array(),
    size: fc.nat(),
  }),
  fc.record({ kind: fc.constant("close" as const), session, at, reason: text }),
);

test("entries travel as they are", () => {
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const packer = new Packer();
      for (const each of entries) packer.add(each);
      expect(unpack(packer.packed())).toEqual(entries);
    }),
  );
});

test("halves of characters, which have no UTF-8, change no other text", () => {
  const frames = ["\ud83d", "a", "\ud83d", "\ude00b"];
  const packer = new Packer();
  for (const frame of frames)
    packer.add({ kind: "frame", session: 1, at: 1, from: "client", frame });
  const found = unpack(packer.packed()).map((each) => (each.kind === "frame" ? each.frame : ""));
  expect(found).toEqual(["\ufffd", "a", "\ud83d", "\ude00b"]);
});

test("a page gets all that a busy server records, a few times a second", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const recorder = new Recorder({ details: false });
  const batches: Batch[] = [];
  const feed = new Feed(recorder, async (batch) => {
    batches.push(batch);
    // Calls go on while the page takes the batch.
    if (batches.length < 500) recorder.addFrame(1, "client", `["pull",${batches.length}]`);
  });
  const run = feed.run();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(batches.length).toBeGreaterThan(4);
  expect(batches.length).toBeLessThan(20);
  feed.stop();
  await vi.advanceTimersByTimeAsync(1_000);
  await run;
  const sent = batches.flatMap(({ packed }) => (packed ? unpack(packed) : []));
  const numbers = sent.map((each) => (each.kind === "frame" ? each.frame : ""));
  expect(numbers).toEqual(numbers.map((_, i) => `["pull",${i + 1}]`));
  expect(sent.length).toBe(batches.length - 1);
});
