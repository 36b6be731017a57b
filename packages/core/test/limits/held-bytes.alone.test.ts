import type { LimitError } from "@capnweb/wire";
import { expect, onTestFinished, test } from "vitest";
import { HeldBytes, networkOf, serveSession } from "../../src/server/index.ts";
import type { Transport, TransportReceiver } from "../../src/transport.ts";

const NONE = Number.POSITIVE_INFINITY;

/** An account that notes its end in `ended`. */
function account(options: {
  name: string;
  ended: string[];
  most?: number;
  network?: string;
  onEnd?: (error: LimitError) => void;
}) {
  const { name, ended, most = NONE, network, onEnd } = options;
  const limits = { maxHeldBytes: NONE, maxProcessHeldBytes: most };
  const exceeded = (error: LimitError) => {
    ended.push(name);
    onEnd?.(error);
  };
  const held = new HeldBytes(limits, exceeded, network);
  onTestFinished(() => held.clear());
  return held;
}

test("an account that is ended learns it once, although its end takes bytes of others", () => {
  const ended: string[] = [];
  const most = 1_000_000;
  // As a batch's account does, for which its session's last message counts.
  const response = account({ name: "response", ended, most });
  const session = account({ name: "session", ended, most, onEnd: () => response.add(20_000) });
  response.add(900_000);
  session.add(90_000);
  // Neither has room for the bytes of the other's end.
  expect(() => session.add(850_000)).toThrow(/limits\.maxProcessHeldBytes/);
  expect(ended).toEqual(["session"]);
  const other = account({ name: "other", ended, most });
  other.add(70_000);
  expect(ended).toEqual(["session"]);
});

test("an account whose end takes bytes has the next largest account end after it", () => {
  const ended: string[] = [];
  const most = 1_000_000;
  const response = account({ name: "response", ended, most });
  const session = account({ name: "session", ended, most, onEnd: () => response.add(600_000) });
  response.add(450_000);
  expect(() => session.add(600_000)).toThrow(/limits\.maxProcessHeldBytes/);
  expect(ended).toEqual(["session", "response"]);
});

test("as many accounts end as necessary, largest first, and the one that adds goes on", () => {
  const ended: string[] = [];
  const middle = account({ name: "middle", ended });
  const large = account({ name: "large", ended });
  middle.add(500_000);
  large.add(600_000);
  account({ name: "small", ended, most: 400_000 }).add(100_000);
  expect(ended).toEqual(["large", "middle"]);
});

test("room is made for several messages, because it takes a look at all accounts", () => {
  const ended: string[] = [];
  const most = 1_000_000;
  const accounts = Array.from({ length: 33 }, () => account({ name: "many", ended, most }));
  for (const each of accounts) each.add(30_000);
  const adding = account({ name: "adding", ended, most });
  adding.add(20_000);
  expect(ended).toEqual(["many", "many"]);
  for (let i = 0; i < 5; i++) adding.add(10_000);
  expect(ended).toEqual(["many", "many"]);
});

test("an account that has ended no longer counts, even if reporting it fails", () => {
  const ended: string[] = [];
  const failing = account({
    name: "failing",
    ended,
    onEnd() {
      throw new Error("from the end");
    },
  });
  failing.add(500_000);
  const most = 400_000;
  expect(() => account({ name: "adding", ended, most }).add(100_000)).toThrow("from the end");
  const other = account({ name: "other", ended, most });
  other.add(250_000);
  expect(ended).toEqual(["failing"]);
});

test("small accounts of one network end before a larger one of another", () => {
  const ended: string[] = [];
  const most = 1_000_000;
  account({ name: "honest", ended, most, network: "198.51.100.7" }).add(300_000);
  account({ name: "unknown", ended, most }).add(200_000);
  for (let i = 0; i < 8; i++) {
    const network = networkOf(`2001:db8::${i}`);
    account({ name: `attacker ${i}`, ended, most, network }).add(90_000 - i);
  }
  // The last three had no room, so the largest of their network ended first.
  expect(ended).toEqual(["attacker 0", "attacker 1", "attacker 2"]);
});

test("a served session counts for its client's network", () => {
  const ended: string[] = [];
  account({ name: "honest", ended, network: "198.51.100.7" }).add(400_000);
  const aborted: unknown[] = [];
  for (let i = 0; i < 4; i++) {
    let receiver!: TransportReceiver;
    const transport: Transport = {
      start(to) {
        receiver = to;
      },
      send() {},
      abort: (reason) => void aborted.push(reason),
    };
    const options = {
      limits: { maxProcessHeldBytes: 1_700_000, turnBudget: Infinity },
      network: "192.0.2.1",
    };
    serveSession(
      transport,
      () => ({}),
      options,
      () => {},
    );
    onTestFinished(() => receiver.close(new Error("the test is over")));
    receiver.receive(`["push","${"x".repeat(170_000)}"]`);
  }
  expect(aborted).toMatchObject([{ code: "LIMIT", limit: "maxProcessHeldBytes" }]);
  expect(ended).toEqual([]);
});
