import { expect, test } from "vitest";
import { InspectorModel } from "../src/model/index.ts";
import { RecordingStore } from "../src/page/recording-store.ts";
import type { Entry } from "../src/recording/entry.ts";
import { EntryRing } from "../src/recording/entry-ring.ts";
import type { Batch } from "../src/server/feed.ts";
import { WrittenSession } from "./session.ts";

function packed(entries: readonly Entry[]): Batch["packed"] {
  const ring = new EntryRing(Infinity, Infinity);
  for (const each of entries) ring.add(each);
  return ring.pack(0, Infinity, Infinity).packed;
}

const names = ({ model }: RecordingStore) => [...model.calls].map(({ name }) => name);

/** A page that has shown one call, and the batches behind a gap of ten entries. */
function pageWithGap() {
  const session = new WrittenSession().client(["push", ["pipeline", 0, ["first"], []]]);
  const before = session.entries.splice(0);
  session.client(["push", ["pipeline", 0, ["missed"], []]]);
  const missed = session.entries.splice(0);
  session.client(["push", ["pipeline", 0, ["last"], []]], ["release", 2, 1]);
  const after = session.entries.splice(0);
  const base = new InspectorModel();
  for (const each of [...before, ...missed]) base.add(each);
  const store = new RecordingStore();
  store.take({ packed: packed(before), dropped: 0 });
  const goOn = () => {
    const state = JSON.stringify(base.snapshot());
    store.take({ state: state.slice(0, 9), hasMore: true, dropped: 12, skipped: 10 });
    store.take({ state: state.slice(9), hasMore: false, dropped: 12, skipped: 10 });
    store.take({ packed: packed(after), dropped: 12 });
  };
  return { store, goOn };
}

test("a page that missed entries counts them, and goes on from the state behind them", () => {
  const { store, goOn } = pageWithGap();
  goOn();
  expect(store.skipped).toBe(10);
  expect(names(store)).toEqual(["first", "missed", "last"]);
  const held = store.model.held().flatMap(({ from }) => from?.name ?? []);
  expect(held).toEqual(["first", "last"]);
  // A new connection begins anew.
  store.take({ state: '{"sessions":[]}', hasMore: false, dropped: 0 });
  expect(store.skipped).toBe(0);
});

test("a paused page keeps its calls, and goes on from the latest state", () => {
  const { store, goOn } = pageWithGap();
  store.pause(true);
  goOn();
  expect(names(store)).toEqual(["first"]);
  expect(store.skipped).toBe(0);
  goOn();
  store.pause(false);
  expect(names(store)).toEqual(["first", "missed", "last"]);
  expect(store.skipped).toBe(20);
});
