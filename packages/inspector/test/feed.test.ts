import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { InspectorModel } from "../src/model/index.ts";
import type { Entry } from "../src/recording/entry.ts";
import { EntryRing } from "../src/recording/entry-ring.ts";
import { unpack } from "../src/recording/pack.ts";
import { Recorder } from "../src/recording/recorder.ts";
import { type Batch, Feed } from "../src/server/feed.ts";
import { FeedBudget } from "../src/server/feed-budget.ts";

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

/** The entries as a page unpacks them, in several batches. */
function travelled(entries: readonly Entry[], most = Infinity): Entry[] {
  const ring = new EntryRing(Infinity, Infinity);
  for (const each of entries) ring.add(each);
  const arrived: Entry[] = [];
  for (let number = 0; number < ring.end; ) {
    const { packed, end } = ring.pack(number, most, 1_000_000);
    arrived.push(...unpack(packed));
    number = end;
  }
  return arrived;
}

test("entries travel as they are", () => {
  fc.assert(
    fc.property(fc.array(entry), fc.integer({ min: 1, max: 10 }), (entries, most) => {
      expect(travelled(entries, most)).toEqual(entries);
    }),
  );
});

test("halves of characters, which have no UTF-8, change no other text", () => {
  const frames = ["\ud83d", "a", "\ud83d", "\ude00b"];
  const found = travelled(
    frames.map((frame) => ({ kind: "frame", session: 1, at: 1, from: "client", frame })),
  ).map((each) => (each.kind === "frame" ? each.frame : ""));
  expect(found).toEqual(["\ufffd", "a", "\ufffd", "\ufffdb"]);
});

test("a page gets all that a busy server records, a few times a second", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const recorder = new Recorder({ details: false });
  const batches: Batch[] = [];
  const feed = new Feed(recorder, new FeedBudget(), async (batch) => {
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

test("a batch is over its bound by one entry at most", () => {
  const ring = new EntryRing(Infinity, Infinity);
  const megabyte = "x".repeat(1_000_000);
  for (let at = 0; at < 10; at++) ring.addFrame(1, at, "client", megabyte);
  for (let at = 0; at < 3_000; at++) ring.addFrame(1, at, "client", "");
  const long = ring.pack(0, 2_000, 500_000);
  expect([long.end, long.packed.texts.length]).toEqual([1, 1_000_000]);
  const short = ring.pack(10, 2_000, 500_000);
  expect([short.end, short.packed.texts.length]).toEqual([2_010, 0]);
});

describe("a server that is too busy for its pages", () => {
  /** A recorder, and a page for which each batch takes the server 5 ms, by the clock of timers. */
  function busy() {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const recorder = new Recorder({ details: false, maxEntries: 5_000 });
    const session = recorder.open({ label: "a client" }, "server");
    let worked = 0;
    let clock = 0;
    const budget = new FeedBudget(0.03, () => Date.now() + clock);
    const open = (take: (batch: Batch) => void) => {
      const feed = new Feed(recorder, budget, async (batch) => {
        worked += 5;
        clock += 5;
        take(batch);
      });
      void feed.run();
      onTestFinished(() => feed.stop());
    };
    let calls = 0;
    /** Lets a second pass, with 20,000 calls, of which some results are held. */
    const second = async () => {
      for (let i = 0; i < 100; i++) {
        for (let j = 0; j < 200; j++) {
          session.frame("client", `["stream",["pipeline",0,["get"],[${++calls}]]]`);
          if (calls % 5_000 !== 0) session.frame("server", `["resolve",${calls},1]`);
        }
        await vi.advanceTimersByTimeAsync(10);
      }
    };
    return { recorder, open, second, worked: () => worked };
  }

  test("gives all pages together a small share of its time", async () => {
    const { open, second, worked } = busy();
    const batches = [0, 0, 0];
    for (const i of batches.keys()) open(() => void batches[i]!++);
    await second();
    const before = worked();
    for (let i = 0; i < 10; i++) await second();
    expect(worked() - before).toBeLessThan(10_000 * 0.04);
    for (const each of batches) expect(each).toBeGreaterThan(10);
  });

  test("tells a page how much it missed, and the state behind it", async () => {
    const { recorder, open, second } = busy();
    let model = new InspectorModel();
    let state = "";
    let taken = 0;
    let skipped = 0;
    let first = 0;
    let isFirst = true;
    open((batch) => {
      if (batch.state !== undefined) {
        state += batch.state;
        if (isFirst) first = batch.dropped;
        isFirst = false;
        if (!batch.hasMore) {
          skipped += batch.skipped ?? 0;
          model = InspectorModel.from(JSON.parse(state));
          state = "";
        }
      }
      const entries = batch.packed ? unpack(batch.packed) : [];
      taken += entries.length;
      for (const each of entries) model.add(each);
    });
    for (let i = 0; i < 5; i++) await second();
    expect(skipped).toBeGreaterThan(10_000);
    // Calls have ceased, and the page gets what is left.
    await vi.advanceTimersByTimeAsync(10_000);
    expect(first + taken + skipped).toBe(recorder.end);
    const open5000 = model.held().flatMap(({ from }) => (from ? [from.id] : []));
    expect(open5000).toEqual(Array.from({ length: 20 }, (_, i) => 5_000 * (i + 1)));
  });
});

test("a clock that jumps takes no more than some seconds from a page", async () => {
  let clock = 0;
  const budget = new FeedBudget(0.5, () => clock);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  await budget.work(() => {
    clock = 1e9;
  });
  clock = -1e9;
  let isTurn = false;
  void budget.turn().then(() => {
    isTurn = true;
  });
  for (let i = 0; i < 20; i++) {
    clock += 1_000;
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(isTurn).toBe(true);
});
