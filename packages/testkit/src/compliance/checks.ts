import { isError } from "../realms.ts";
import { expectEqual, expectFailure, expectTrue } from "./expectations.ts";
import type { TransportFeature, TransportFixture } from "./fixture.ts";
import type { TimeLimit } from "./time-limit.ts";

/** The context that a check works with. */
export interface CheckContext {
  readonly fixture: TransportFixture;
  /** The events at the server; see `createApplication`. */
  readonly events: readonly string[];
  /** The check's time limit. It also names the event that a check waits for. */
  readonly limit: TimeLimit;
}

/** A test of a transport. */
export interface Check {
  readonly name: string;
  readonly needs: readonly TransportFeature[];
  run(cx: CheckContext): Promise<void>;
}

const LONG_TEXT = "long text \u{1f600} ".repeat(80_000);

const SERVER_KNOWS =
  "the server's main object to be disposed of; the transport has to tell the server's session " +
  "that the connection is over";
const CLIENT_KNOWS = "the transport has to tell the client's session that the connection is over";

/** The tests of the behaviour that sessions need from every transport. */
export const CHECKS: readonly Check[] = [
  {
    name: "carries a call and its answer",
    needs: [],
    async run({ fixture }) {
      expectEqual(await fixture.connect().add(1, 2), 3);
    },
  },
  {
    name: "carries dependent calls",
    needs: [],
    async run({ fixture }) {
      const greeting = fixture.connect().user(1).friend().greet("hi");
      expectEqual(await greeting, "hi, user 10");
    },
  },
  {
    name: "carries failures",
    needs: [],
    async run({ fixture }) {
      const { name, message, code } = await expectFailure(fixture.connect().fail("props"));
      expectEqual(
        { name, message, code },
        { name: "TypeError", message: "with properties", code: "E" },
      );
    },
  },
  {
    name: "carries values of every kind unchanged",
    needs: [],
    async run({ fixture }) {
      const values = [
        undefined,
        -1.5,
        10n ** 30n,
        new Date(5),
        Number.NaN,
        { a: [[]] },
        "\u0000\u{1f600}",
      ];
      expectEqual([...(await fixture.connect().echo(values))], values);
      const bytes = await fixture.connect().echo(new Uint8Array([0, 128, 255]));
      expectEqual([...bytes], [0, 128, 255]);
    },
  },
  {
    name: "carries a message of over a megabyte",
    needs: [],
    async run({ fixture }) {
      expectTrue(
        (await fixture.connect().echo(LONG_TEXT)) === LONG_TEXT,
        "the text came back changed",
      );
    },
  },
  {
    name: "carries a thousand calls at once, in order",
    needs: [],
    async run({ fixture }) {
      const counter = fixture.connect().counter();
      const results = await Promise.all(Array.from({ length: 1000 }, () => counter.increment()));
      expectEqual(
        results,
        results.map((_, i) => i + 1),
      );
    },
  },
  {
    name: "keeps connections apart",
    needs: [],
    async run({ fixture }) {
      const calls = Array.from({ length: 10 }, (_, i) => fixture.connect().add(i, 100));
      expectEqual(
        await Promise.all(calls),
        calls.map((_, i) => i + 100),
      );
    },
  },
  {
    name: "lets the server call the client",
    needs: ["sessions"],
    async run({ fixture }) {
      using api = fixture.connect();
      expectEqual(await api.call((x: number) => x * 2, 21), 42);
    },
  },
  {
    name: "keeps a session's state between calls",
    needs: ["sessions"],
    async run({ fixture }) {
      using api = fixture.connect();
      using counter = await api.counter(5);
      expectEqual(await counter.increment(), 6);
      expectEqual(await counter.increment(), 7);
    },
  },
  {
    name: "carries streams both ways",
    needs: ["sessions"],
    async run({ fixture }) {
      using api = fixture.connect();
      const chunks: unknown[] = [];
      const reader = (await api.stream("numbers", 50)).getReader();
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        chunks.push(next.value);
      }
      expectEqual(
        chunks,
        Array.from({ length: 50 }, (_, i) => i + 1),
      );
      const writer = (await api.sink("collecting")).getWriter();
      for (const chunk of chunks) await writer.write(chunk);
      await writer.close();
      expectEqual([...(await api.collected())], chunks);
    },
  },
  {
    name: "ends the server's side when the client ends the session",
    needs: ["sessions"],
    async run({ fixture, events, limit }) {
      const api = fixture.connect();
      await api.add(1, 2);
      api[Symbol.dispose]();
      await limit.until(SERVER_KNOWS, () => events.includes("main disposed"));
    },
  },
  {
    name: "delivers what was sent right before the client ended the session",
    needs: ["sessions"],
    async run({ fixture, events, limit }) {
      const api = fixture.connect();
      await api.add(1, 2);
      // Not awaited, so that only the call itself is sent. Its counter goes with the session.
      api.counter();
      api[Symbol.dispose]();
      await limit.until(SERVER_KNOWS, () => events.includes("main disposed"));
      expectEqual([...events].sort(), ["counter disposed", "main disposed"]);
    },
  },
  {
    name: "fails what is under way when the connection breaks",
    needs: ["sessions", "cut"],
    async run({ fixture, events, limit }) {
      const api = fixture.connect();
      const broken = new Promise<unknown>((resolve) => api.onRpcBroken(resolve));
      await api.add(1, 2);
      const pending = api.call(() => new Promise(() => {}));
      const failed = expectFailure(pending);
      fixture.cut!();
      await limit.await(`the call under way to fail; ${CLIENT_KNOWS}`, failed);
      const error = await limit.await(`onRpcBroken to be called; ${CLIENT_KNOWS}`, broken);
      expectTrue(isError(error), "onRpcBroken wants an Error");
      await expectFailure(Promise.resolve().then(() => api.add(1, 2)));
      await limit.until(SERVER_KNOWS, () => events.includes("main disposed"));
    },
  },
  {
    name: "ends idle streams when the client ends the session",
    needs: ["sessions"],
    async run({ fixture, limit }) {
      const api = fixture.connect();
      await endsIdleStream(api, limit, () => api[Symbol.dispose]());
    },
  },
  {
    name: "ends idle streams when the connection breaks",
    needs: ["sessions", "cut"],
    async run({ fixture, limit }) {
      await endsIdleStream(fixture.connect(), limit, () => fixture.cut!());
    },
  },
  {
    name: "serves others after a connection broke",
    needs: ["sessions", "cut"],
    async run({ fixture }) {
      const broken = fixture.connect();
      await broken.add(1, 2);
      fixture.cut!();
      await expectFailure(Promise.resolve().then(() => broken.add(1, 2)));
      using api = fixture.connect();
      expectEqual(await api.add(3, 4), 7);
    },
  },
];

/**
 * Makes the server read an idle stream. When `end` is called, the stream's source must learn of it.
 */
async function endsIdleStream(api: any, limit: TimeLimit, end: () => void): Promise<void> {
  let taken!: () => void;
  const isTaken = new Promise<void>((resolve) => {
    taken = resolve;
  });
  let canceled!: () => void;
  const isCanceled = new Promise<void>((resolve) => {
    canceled = resolve;
  });
  const source = new ReadableStream({
    start: (controller) => controller.enqueue("chunk"),
    pull: taken,
    cancel: canceled,
  });
  // Makes sure that there is a connection to break.
  await api.add(1, 2);
  const reading = expectFailure(api.read(source));
  await limit.await("the server to read the client's stream", isTaken);
  end();
  await limit.await(
    `the source of the client's stream to be canceled; ${CLIENT_KNOWS}`,
    isCanceled,
  );
  await limit.await(`the call that reads the stream to fail; ${CLIENT_KNOWS}`, reading);
}
