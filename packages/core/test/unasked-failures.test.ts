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
