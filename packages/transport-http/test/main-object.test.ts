import { RpcStub } from "@capnweb/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  newHttpBatchRpcHandler,
  newHttpBatchRpcResponse,
  newNodeHttpBatchRpcHandler,
  nodeHttpBatchRpcResponse,
} from "../src/index.ts";
import { Api, bodyOf, listen } from "./support.ts";

const CALL = { method: "POST", body: bodyOf("add", 1, 2) };
type Options = { onError?: (error: unknown) => void; batchTimeout?: number };
type Ask = (init: RequestInit) => Promise<Response>;

/** Each function that answers batches, with a main object of the test's own. */
const WAYS: [string, (makeMain: () => unknown, options: Options) => Promise<Ask>][] = [
  [
    "nodeHttpBatchRpcResponse",
    async (makeMain, options) => {
      const url = await listen((request, response) =>
        nodeHttpBatchRpcResponse(request, response, makeMain(), options),
      );
      return (init) => fetch(url, init);
    },
  ],
  [
    "newNodeHttpBatchRpcHandler",
    async (makeMain, options) => {
      const url = await listen(newNodeHttpBatchRpcHandler(makeMain, options));
      return (init) => fetch(url, init);
    },
  ],
  [
    "newHttpBatchRpcResponse",
    async (makeMain, options) => (init) =>
      newHttpBatchRpcResponse(new Request("http://x.invalid/", init), makeMain(), options),
  ],
  [
    "newHttpBatchRpcHandler",
    async (makeMain, options) => {
      const handle = newHttpBatchRpcHandler(makeMain, options);
      return (init) => handle(new Request("http://x.invalid/", init));
    },
  ],
];

const unhandled = vi.fn();
beforeEach(() => {
  unhandled.mockClear();
  process.on("unhandledRejection", unhandled);
});
afterEach(() => {
  process.off("unhandledRejection", unhandled);
});

/**
 * Resolves when Node has reported unhandled rejections, which it does after the microtask queue has
 * drained.
 */
const macrotask = () => new Promise((resolve) => setImmediate(resolve));

describe.each(WAYS)("%s", (_, prepare) => {
  test("takes a promise of a main object, or a stub of one", async () => {
    const disposed: string[] = [];
    const later = await prepare(async () => new Api(disposed), {});
    expect(await (await later(CALL)).text()).toBe('["resolve",1,3]');
    expect(disposed).toEqual(["main"]);
    const stub = await prepare(() => new RpcStub(new Api()), {});
    expect(await (await stub(CALL)).text()).toBe('["resolve",1,3]');
  });

  test("answers 500 if the promise rejects, and reports the reason", async () => {
    const onError = vi.fn();
    const error = new Error("password of the database is hunter2");
    const ask = await prepare(() => Promise.reject(error), { onError });
    const response = await ask(CALL);
    expect(response.status).toBe(500);
    expect(await response.text()).toBe("The server failed to make the batch's main object.");
    expect(onError.mock.calls.map(([reported]) => reported)).toEqual([error]);
  });

  test("disposes of a main object that arrives too late", async () => {
    const disposed: string[] = [];
    let finish!: (main: Api) => void;
    const main = new Promise<Api>((resolve) => {
      finish = resolve;
    });
    const ask = await prepare(() => main, { batchTimeout: 20 });
    expect((await ask(CALL)).status).toBe(504);
    finish(new Api(disposed));
    await vi.waitFor(() => expect(disposed).toEqual(["main"]));
  });

  test("survives an onError that throws", async () => {
    const onError = () => {
      throw new Error("no log");
    };
    const ask = await prepare(() => Promise.reject(new Error("no main")), { onError });
    expect((await ask(CALL)).status).toBe(500);
    await macrotask();
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe("a refused request", () => {
  test("reports the rejection of the main object that it doesn't need", async () => {
    const onError = vi.fn();
    const error = new Error("no main");
    for (const init of [{ method: "GET" }, { ...CALL, headers: { Origin: "https://a.example" } }]) {
      const request = new Request("http://x.invalid/", init);
      await newHttpBatchRpcResponse(request, Promise.reject(error), { onError });
    }
    await macrotask();
    expect(onError.mock.calls.map(([reported]) => reported)).toEqual([error, error]);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test("disposes of a main object that is still being made", async () => {
    const disposed: string[] = [];
    const request = new Request("http://x.invalid/");
    await newHttpBatchRpcResponse(request, Promise.resolve(new Api(disposed)));
    await vi.waitFor(() => expect(disposed).toEqual(["main"]));
  });

  test("needs no main object at all", async () => {
    const response = await newHttpBatchRpcResponse(new Request("http://x.invalid/"), undefined);
    expect(response.status).toBe(405);
  });
});

describe("a handler", () => {
  test("answers 500 if createMain throws, and reports the error", async () => {
    const onError = vi.fn();
    const error = new Error("no main");
    const handle = newHttpBatchRpcHandler(
      () => {
        throw error;
      },
      { onError },
    );
    expect((await handle(new Request("http://x.invalid/", CALL))).status).toBe(500);
    expect(onError.mock.calls.map(([reported]) => reported)).toEqual([error]);
  });

  test("answers 500 if address throws, and reports the error", async () => {
    const onError = vi.fn();
    const error = new Error("no address");
    const address = () => {
      throw error;
    };
    const url = await listen(newNodeHttpBatchRpcHandler(() => new Api(), { address, onError }));
    expect((await fetch(url, CALL)).status).toBe(500);
    expect(onError.mock.calls.map(([reported]) => reported)).toEqual([error]);
  });

  test("reports headers that the server doesn't take, and cuts the connection", async () => {
    const onError = vi.fn();
    const headers = { "X-Bad": "line\nbreak" };
    const url = await listen(newNodeHttpBatchRpcHandler(() => new Api(), { headers, onError }));
    await expect(fetch(url, CALL)).rejects.toThrow("fetch failed");
    expect(onError.mock.calls[0]![0]).toMatchObject({ code: "ERR_INVALID_CHAR" });
  });
});
