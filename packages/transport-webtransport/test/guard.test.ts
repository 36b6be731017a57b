// The guard's effects on memory don't show from outside, so objects that note them replace the
// library.
import { EventEmitter } from "node:events";
import { expect, test, vi } from "vitest";
import { guard, guardVisitor } from "../src/node/guard.ts";
import type { NativeStream } from "../src/node/library.ts";

function start() {
  const stream = Object.assign(new EventEmitter(), {
    writableLength: 0,
    close: vi.fn(),
    destroy: vi.fn(),
    end: vi.fn(),
  });
  const jsobj = { state: "connected", onStream: vi.fn(), onDatagramReceived: vi.fn() };
  const parsed: Uint8Array[] = [];
  const entries: NativeStream["incomdata"] = [];
  const capsParser = {
    saveddata: undefined as Uint8Array | undefined,
    parseData: (data: Uint8Array) => void parsed.push(data),
    newStream: (): NativeStream => ({
      incomdata: entries,
      recvData: (data) => void entries.push(data),
    }),
    onCloseWebTransportSession() {},
  };
  guard({ stream, capsParser, jsobj } as any);
  return { stream, capsParser, jsobj, parsed, entries };
}

test("the guard parses no capsule once the session is over", () => {
  const { capsParser, jsobj, parsed } = start();
  capsParser.parseData(Uint8Array.of(1));
  jsobj.state = "closed";
  capsParser.parseData(Uint8Array.of(2));
  expect(parsed).toEqual([Uint8Array.of(1)]);
});

test.each([
  ["collects a long capsule", { saved: 40_000, unsent: 0 }],
  ["has many answers unread", { saved: 0, unsent: 2_000_000 }],
])("the guard ends a session that %s", (_, { saved, unsent }) => {
  const { stream, capsParser } = start();
  capsParser.parseData(Uint8Array.of(1));
  expect(stream.destroy).not.toHaveBeenCalled();
  capsParser.saveddata = new Uint8Array(saved);
  stream.writableLength = unsent;
  capsParser.parseData(Uint8Array.of(1));
  expect(stream.destroy).toHaveBeenCalledOnce();
});

test("the guard joins small data that waits, in order, and drops empty data", () => {
  const { capsParser, entries } = start();
  const opened = capsParser.newStream();
  const sent = Uint8Array.from({ length: 50_000 }, (_, n) => n);
  for (const byte of sent) {
    opened.recvData({ data: Uint8Array.of(byte), fin: false });
    opened.recvData({ data: undefined, fin: false });
    opened.recvData({ data: new Uint8Array(0), fin: false });
  }
  opened.recvData({ data: undefined, fin: true });
  expect(entries.length).toBeLessThan(10);
  expect(Buffer.concat(entries.flatMap(({ data }) => data ?? [])).equals(sent)).toBe(true);
  expect(entries.map(({ fin }) => fin)).toEqual([...entries.slice(1).map(() => false), true]);
});

test("the guard doesn't change data that is being read", () => {
  const { capsParser, entries } = start();
  const opened = capsParser.newStream();
  opened.recvData({ data: Uint8Array.of(1), fin: false });
  opened.recvData({ data: Uint8Array.of(2), fin: false });
  const data = entries.splice(0)[0]?.data;
  opened.recvData({ data: Uint8Array.of(3), fin: false });
  opened.recvData({ data: Uint8Array.of(4), fin: true });
  expect(data).toEqual(Uint8Array.of(1, 2));
  expect(entries).toEqual([{ data: Uint8Array.of(3, 4), fin: true }]);
});

test("the guard keeps datagrams, and streams of a session that is over, from the library", () => {
  const { jsobj } = start();
  const { onStream, onDatagramReceived } = jsobj;
  guardVisitor(jsobj as any);
  jsobj.onDatagramReceived({});
  jsobj.onStream({});
  jsobj.state = "failed";
  jsobj.onStream({});
  expect(onDatagramReceived).not.toHaveBeenCalled();
  expect(onStream).toHaveBeenCalledOnce();
});
