import { describe, expect, it } from "vitest";
import {
  type CallContext,
  callOptions,
  currentCall,
  NoCallError,
  type RpcPromise,
  RpcStub,
  RpcTarget,
  withinCall,
} from "../../src/index.ts";
import { pair } from "../support/pair.ts";

class Item extends RpcTarget {
  request() {
    return currentCall().request;
  }
  metadata() {
    return currentCall().metadata;
  }
}

describe("withinCall()", () => {
  it("makes code after an await a part of the call", async () => {
    const item = new RpcStub(new Item());
    class Main extends RpcTarget {
      async run() {
        const context = currentCall();
        await null;
        const outside = await item.metadata();
        const inside = await withinCall(context, () => item.metadata());
        return [outside, inside, withinCall(context, currentCall) === context];
      }
    }
    const api = callOptions(new RpcStub(new Main()), { metadata: { tenant: "a" } });
    expect(await api.run()).toEqual([{}, { tenant: "a" }, true]);
  });

  it("keeps the session, and cancels the calls with the call", async () => {
    let began!: (context: CallContext) => void;
    const begun = new Promise<CallContext>((resolve) => {
      began = resolve;
    });
    const slow = new RpcStub(() => {
      began(currentCall());
      return new Promise(() => {});
    });
    class Main extends RpcTarget {
      async run() {
        const context = currentCall();
        await null;
        await withinCall(context, () => slow());
      }
    }
    const { api } = pair(new Main());
    const promise = api.run() as RpcPromise<void>;
    promise.then(
      () => {},
      () => {},
    );
    const { signal, session } = await begun;
    expect(session).toBeDefined();
    const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
    promise[Symbol.dispose]();
    await aborted;
  });

  it("ends a call for code that belongs to none", async () => {
    class Main extends RpcTarget {
      run() {
        return withinCall(undefined, () => {
          try {
            return currentCall();
          } catch (error) {
            return error instanceof NoCallError;
          }
        });
      }
    }
    expect(await new RpcStub(new Main()).run()).toBe(true);
  });

  it("refuses other objects", () => {
    expect(() => withinCall({} as CallContext, () => 1)).toThrow(/a context of currentCall\(\)/);
  });
});

describe("the request of a call", () => {
  it("is one for all calls of a map(), and another for another message", async () => {
    const requests: object[] = [];
    class Main extends RpcTarget {
      numbers() {
        return [1, 2, 3];
      }
      note(_number: number) {
        requests.push(currentCall().request);
      }
    }
    const { api } = pair(new Main());
    await api.numbers().map((number) => api.note(number));
    await api.note(4);
    expect(new Set(requests.slice(0, 3)).size).toBe(1);
    expect(requests[3]).not.toBe(requests[0]);
  });

  it("is that of the call around, until that one is over", async () => {
    const requests: object[] = [];
    const note = new RpcStub(() => {
      requests.push(currentCall().request);
    });
    let late!: () => Promise<void>;
    class Main extends RpcTarget {
      async run() {
        const context = currentCall();
        requests.push(context.request);
        await note();
        await withinCall(context, () => callOptions(note, { timeout: 1_000 })());
        late = () => withinCall(context, () => note());
      }
    }
    const { api } = pair(new Main());
    await api.run();
    await late();
    expect(new Set(requests.slice(0, 3)).size).toBe(1);
    expect(requests[3]).not.toBe(requests[0]);
  });
});
