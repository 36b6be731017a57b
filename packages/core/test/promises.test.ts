import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";

/** A local promise that is settled by the test. */
function pending() {
  let resolve!: (value: unknown) => void;
  let reject!: (reason: unknown) => void;
  const promise = new RpcPromise(
    new Promise((res, rej) => {
      resolve = res;
      reject = rej;
    }),
  ) as any;
  return { promise, resolve, reject };
}

describe("an operation on a promise before it settles", () => {
  test("waits for it: reading a property, mapping, duplicating, awaiting", async () => {
    const { promise, resolve } = pending();
    const property = promise.list;
    const mapped = promise.list.map((x: any) => ({ x }));
    const copy = promise.dup();
    const awaited = Promise.all([property, mapped, copy.list, promise.catch(() => "failed")]);
    resolve({ list: [1, 2] });
    const [list, objects, again, value] = await awaited;
    expect(list).toEqual([1, 2]);
    expect(objects).toEqual([{ x: 1 }, { x: 2 }]);
    expect(again).toEqual([1, 2]);
    expect(value).toEqual({ list: [1, 2] });
  });

  test("fails if the promise fails", async () => {
    const { promise, reject } = pending();
    const resources = new Resources();
    const captured = new RpcStub(resources.make("captured")) as any;
    const waiting = [promise, promise.a.b, promise.method(1), promise.map(() => captured.use())];
    const failures = Promise.all(waiting.map((each) => failure(each)));
    const broken: unknown[] = [];
    promise.onRpcBroken((error: unknown) => broken.push(error));
    const unregister = promise.onRpcBroken(() => broken.push("unregistered"));
    unregister();
    const reason = new Error("never came");
    reject(reason);
    expect(await failures).toEqual([reason, reason, reason, reason]);
    expect(broken).toEqual([reason]);
    captured[Symbol.dispose]();
    for (const each of waiting) each[Symbol.dispose]();
    expect(resources.disposed).toEqual(["captured"]);
  });

  test("runs finally() in any case", async () => {
    const { promise, reject } = pending();
    let ran = 0;
    const awaited = failure(promise.finally(() => ran++));
    reject(new Error("x"));
    await awaited;
    expect(ran).toBe(1);
  });

  test("is given up, with the value, if the promise is disposed of", async () => {
    const resources = new Resources();
    const { promise, resolve } = pending();
    promise[Symbol.dispose]();
    resolve(new RpcStub(resources.make("late")));
    await settle();
    expect(resources.disposed).toEqual(["late"]);
  });
});

describe("a promise that is sent", () => {
  class Api extends RpcTarget {
    readonly local = pending();
    echo(value: unknown) {
      return value;
    }
    stream() {
      return new WritableStream();
    }
  }

  test("is settled unasked in an argument, and replaced before the call", async () => {
    const { promise, resolve } = pending();
    const { api, clientEnd, isClean } = pair(new Api());
    const result = api.echo({ later: promise });
    const awaited = result.then((value) => value);
    await settle();
    expect(clientEnd.sent[0][1][3]).toEqual([{ later: ["promise", -1] }]);
    expect(clientEnd.sent.some(([tag]) => tag === "resolve")).toBe(false);
    resolve("now");
    expect(await awaited).toEqual({ later: "now" });
    await settle();
    expect(isClean()).toBe(true);
  });

  test("is followed to its end, if it is a promise of this side's promise", async () => {
    const inner = new RpcPromise(Promise.resolve("end"));
    const middle = new RpcPromise(Promise.resolve({ inner }));
    const { api, clientEnd } = pair(new Api());
    expect(await api.echo((middle as any).inner)).toBe("end");
    const resolutions = clientEnd.sent.filter(([tag]) => tag === "resolve");
    expect(resolutions).toEqual([["resolve", -1, "end"]]);
  });

  test("rejects the call that has it as an argument, if it fails", async () => {
    const { api } = pair(new Api());
    const failing = new RpcPromise(Promise.reject(new TypeError("inside")));
    expect(await failure(api.echo([failing]))).toMatchObject({
      name: "TypeError",
      message: "inside",
    });
  });

  test("may be an argument after it has settled", async () => {
    const { api } = pair(new Api());
    const promise = api.echo(5);
    await promise;
    expect(await api.echo(promise)).toBe(5);
  });

  test("keeps a call here if it became a local stub again", async () => {
    class Echo extends RpcTarget {
      echo(value: unknown) {
        return value;
      }
    }
    const { api, clientEnd, isClean } = pair(new Echo());
    const callback = api.echo((x: number) => x + 1) as any;
    const stub = (await callback) as any;
    const { length } = clientEnd.sent;
    expect(await stub(1)).toBe(2);
    expect(clientEnd.sent.length).toBeLessThanOrEqual(length + 1);
    stub[Symbol.dispose]();
    callback[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
  });

  test("rejects the call if it was disposed of", async () => {
    const { api } = pair(new Api());
    const promise = api.echo(1);
    promise[Symbol.dispose]();
    expect((await failure(api.echo(promise))).message).toMatch(/disposed/);
  });
});

describe("a peer's promise", () => {
  test("is resolved by the peer, and released by this side", async () => {
    const seen: unknown[] = [];
    class Main extends RpcTarget {
      note(value: unknown) {
        seen.push(value);
      }
    }
    const { say, sent } = scripted(new Main());
    say(["push", ["pipeline", 0, ["note"], [["promise", -1]]]]);
    await settle();
    expect(seen).toEqual([]);
    say(["resolve", -1, "arrived"]);
    await settle();
    expect(seen).toEqual(["arrived"]);
    expect(sent).toEqual([["release", -1, 1]]);
  });

  test("fails with the peer's reason", async () => {
    class Main extends RpcTarget {
      note() {}
    }
    const { say, sent } = scripted(new Main());
    say(["push", ["pipeline", 0, ["note"], [["promise", -1]]]]);
    say(["pull", 1]);
    say(["reject", -1, ["error", "RangeError", "no"]]);
    await settle();
    expect(sent).toContainEqual(["reject", 1, ["error", "RangeError", "no"]]);
    expect(sent).toContainEqual(["release", -1, 1]);
  });
});

describe("a Request or Response", () => {
  class Proxy_ extends RpcTarget {
    async fetch(request: Request) {
      const body = `${request.method} ${await request.text()}`;
      return new Response(body, {
        status: 202,
        headers: { "x-seen": request.headers.get("x-a")! },
      });
    }
    passOn(request: Request) {
      return new Response(request.body);
    }
  }

  test("travels with its body as a stream", async () => {
    const { api, isClean } = pair(new Proxy_());
    const init = { method: "POST", headers: { "x-a": "1" }, body: "content" };
    const response = (await api.fetch(new Request("http://x/", init))) as unknown as Response;
    expect(response.status).toBe(202);
    expect(response.headers.get("x-seen")).toBe("1");
    expect(await response.text()).toBe("POST content");
    await settle();
    expect(isClean()).toBe(true);
  });

  test("may pass on its body", async () => {
    const { api } = pair(new Proxy_());
    const request = new Request("http://x/", { method: "POST", body: "passed on" });
    expect(await ((await api.passOn(request)) as unknown as Response).text()).toBe("passed on");
  });

  test.each([
    ["a string", '"text"', "text"],
    ["bytes", '["bytes","dGV4dA"]', "text"],
    ["nothing", "null", ""],
  ])("may have a body that is %s", async (_, body, text) => {
    const { say, api } = scripted();
    const result = api.anything().then((response: Response) => response.text());
    say(`["resolve",1,["response",${body},{"status":201}]]`);
    expect(await result).toBe(text);
  });
});
