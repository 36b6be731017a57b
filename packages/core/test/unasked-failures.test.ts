import { expect, test } from "vitest";
import { RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, settle } from "./support/pair.ts";

class Api extends RpcTarget {
  fail(message: string): any {
    throw new Error(message);
  }
  async failLater(message: string): Promise<any> {
    throw new Error(message);
  }
}

const connect = (announce: boolean) => {
  const told: string[] = [];
  const onSendError = (error: Error) => {
    told.push(error.message);
    return new Error(`sent: ${error.message}`);
  };
  const connected = pair(new Api(), { client: { announce }, server: { announce, onSendError } });
  return { ...connected, told };
};

test.each([true, false])(
  "onSendError receives failures of calls that aren't awaited, announcing: %s",
  async (announce) => {
    const { api, serverEnd, told } = connect(announce);
    void api.fail("sync");
    void api.failLater("async");
    void api.fail("with more calls on it").a.b();
    await settle();
    expect(told.sort()).toEqual(["async", "sync", "with more calls on it"]);
    expect(serverEnd.sent.filter(([tag, id]: any) => tag === "reject" && id < 100)).toEqual([]);
  },
);

test.each([true, false])(
  "onSendError receives each error once, announcing: %s",
  async (announce) => {
    const { api, told } = connect(announce);
    const early = api.fail("asked for later");
    await settle();
    expect(told).toEqual(["asked for later"]);
    expect(await failure(early.property)).toMatchObject({ message: "sent: asked for later" });
    expect(await failure(api.fail("awaited"))).toMatchObject({ message: "sent: awaited" });
    expect(await failure(api.failLater("piped").a.b)).toMatchObject({ message: "sent: piped" });
    await settle();
    expect(told).toEqual(["asked for later", "awaited", "piped"]);
  },
);

test.each([true, false])(
  "onLostError receives failures that nothing asked for, by the ids of their results: %s",
  async (announce) => {
    const told: [string, number][] = [];
    const onLostError = (error: unknown, id: number) => {
      told.push([(error as Error).message, id]);
    };
    const { api } = pair(new Api(), {
      client: { announce },
      server: { announce, onLostError },
    });
    void api.fail("first");
    api.failLater("second")[Symbol.dispose]();
    await failure(api.fail("third"));
    const late = api.failLater("fourth");
    await settle();
    // Asking later is no second failure.
    expect(await failure(late)).toMatchObject({ message: "fourth" });
    await settle();
    expect(told.sort(([, a], [, b]) => a - b)).toEqual([
      ["first", 1],
      ["second", 2],
      ["fourth", 4],
    ]);
  },
);

test("an onLostError that throws is reported, and the session lives on", async () => {
  const reports: unknown[] = [];
  const { api } = pair(new Api(), {
    server: {
      onLostError() {
        throw new Error("no disk");
      },
      onError: (error, { source }) => reports.push([source, (error as Error).message]),
    },
  });
  void api.fail("lost");
  await settle();
  expect(reports).toEqual([["onLostError", "no disk"]]);
  expect(await failure(api.fail("asked for"))).toMatchObject({ message: "asked for" });
});
