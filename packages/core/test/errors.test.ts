import { describe, expect, test } from "vitest";
import { RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, settle } from "./support/pair.ts";

class CodedError extends Error {
  readonly code: string;
  constructor(code: string) {
    super("coded");
    this.code = code;
  }
}

class Api extends RpcTarget {
  coded(): never {
    throw new CodedError("E_CODE");
  }
  caused(): never {
    throw new Error("outer", { cause: new TypeError("inner") });
  }
  several(): never {
    throw new AggregateError([new Error("one"), "two"], "both");
  }
  value() {
    return new URIError("as a result");
  }
  circular(): never {
    const error: any = new Error("circular");
    error.cause = error;
    throw error;
  }
  withStub(): never {
    throw Object.assign(new Error("with a function"), { f: () => 1, kept: 2 });
  }
}

describe("errors", () => {
  test("codes, causes and aggregated errors travel; stacks don't", async () => {
    const { api, serverEnd } = pair(new Api());
    expect(await failure(api.coded())).toMatchObject({ message: "coded", code: "E_CODE" });
    const caused = await failure(api.caused());
    expect(caused.cause).toBeInstanceOf(TypeError);
    expect(caused.cause.message).toBe("inner");
    const several = await failure(api.several());
    expect(several).toBeInstanceOf(AggregateError);
    expect(several.errors).toMatchObject([{ message: "one" }, "two"]);
    expect(JSON.stringify(serverEnd.sent)).not.toContain("errors.test");
  });

  test("an error that contains itself is sent in finite time", async () => {
    const { api } = pair(new Api());
    expect((await failure(api.circular())).cause.cause.message).toBe("circular");
  });

  test("a capability on a thrown error is left out, the error isn't", async () => {
    const { api, isClean } = pair(new Api(), { server: { errorProperties: "all" } });
    const error = await failure(api.withStub());
    expect(error).toMatchObject({ message: "with a function", kept: 2 });
    expect(error.f).toBe(undefined);
    await settle();
    expect(isClean()).toBe(true);
  });
});

describe("onSendError", () => {
  test("sees every error, and what it returns is sent instead, with its stack", async () => {
    const seen: string[] = [];
    const { api } = pair(new Api(), {
      server: {
        onSendError(error) {
          seen.push(error.message);
          const replacement = new RangeError(`hidden: ${error.message}`);
          replacement.stack = "a stack for the peer";
          return replacement;
        },
      },
    });
    const error = await failure(api.coded());
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message: "hidden: coded", stack: "a stack for the peer" });
    expect(error.code).toBe(undefined);
    expect(((await api.value()) as Error).message).toBe("hidden: as a result");
    expect(seen).toEqual(["coded", "as a result"]);
  });

  test("one that fails costs neither the call its answer nor the session its life", async () => {
    const reported: unknown[] = [];
    const { api } = pair(new Api(), {
      server: {
        onSendError() {
          throw new Error("broken hook");
        },
        onError: (error, { source }) => void reported.push([source, error]),
      },
    });
    const error = await failure(api.coded());
    // What it would have hidden stays hidden.
    expect(error.message).not.toContain("coded");
    expect(error.code).toBe(undefined);
    expect(reported).toMatchObject([["onSendError", { message: "broken hook" }]]);
  });
});
