import { describe, expect, test } from "vitest";
import { RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";

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

describe("an error", () => {
  test("keeps codes, causes and aggregated errors in transit, but not stacks", async () => {
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

  test("that contains itself is sent in finite time", async () => {
    const { api } = pair(new Api());
    expect((await failure(api.circular())).cause.cause.message).toBe("circular");
  });

  test("that is thrown loses a capability in it, but arrives", async () => {
    const { api, isClean } = pair(new Api(), { server: { errorProperties: "all" } });
    const error = await failure(api.withStub());
    expect(error).toMatchObject({ message: "with a function", kept: 2 });
    expect(error.f).toBe(undefined);
    await settle();
    expect(isClean()).toBe(true);
  });
});

describe("onSendError", () => {
  test("sees every error, and may return another to send with its stack", async () => {
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

  test("that fails costs neither the call its answer nor the session its life", async () => {
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
    // It still hides the property.
    expect(error.message).not.toContain("coded");
    expect(error.code).toBe(undefined);
    expect(reported).toMatchObject([["onSendError", { message: "broken hook" }]]);
  });
});

describe("the identity of an error", () => {
  class Failing extends RpcTarget {
    abort(): never {
      throw new DOMException("stopped", "AbortError");
    }
    custom(): never {
      throw Object.assign(new Error("mine"), { name: "CreditError" });
    }
    quota(): never {
      throw Object.defineProperty(new DOMException("full", "QuotaExceededError"), "code", {
        value: "mine",
      });
    }
    put(..._args: unknown[]) {}
    bad(): any {
      return { user: new (class User {})() };
    }
    keep(f: any) {
      kept = f;
    }
  }
  let kept: any;
  const announcing = { client: { announce: true }, server: { announce: true } };

  test("is its name if that isn't built in, and a DOMException for the platform's names", async () => {
    const { api } = pair(new Failing());
    const aborted = await failure(api.abort());
    expect(aborted).toBeInstanceOf(DOMException);
    expect(aborted).toMatchObject({ name: "AbortError", message: "stopped", code: 20 });
    const custom = await failure(api.custom());
    expect(custom).toMatchObject({ name: "CreditError", message: "mine" });
    expect(Object.keys(custom)).toEqual([]);
    expect(await failure(api.quota())).toMatchObject({ name: "QuotaExceededError", code: "mine" });
  });

  test("can't be damaged by a peer's properties in a DOMException", async () => {
    const { api, say } = scripted();
    const failed = failure(api.anything());
    await settle();
    say(["reject", 1, ["error", "AbortError", "m", null, { code: "C", message: 1, cause: [[2]] }]]);
    expect(await failed).toMatchObject({ name: "AbortError", message: "m", code: "C", cause: [2] });
  });

  test("is the library's own code, for peers that announced extensions", async () => {
    const { api } = pair(new Failing() as any, announcing);
    await api.put();
    expect(await failure(api.nothing())).toMatchObject({ name: "TypeError", code: "PATH" });
    expect(await failure(api.bad())).toMatchObject({ code: "UNENCODABLE" });
    const plain = pair(new Failing() as any);
    expect((await failure(plain.api.nothing())).code).toBe(undefined);
    await settle();
    const [, , rejected] = plain.serverEnd.sent.find(([tag]) => tag === "reject");
    expect(rejected).toEqual(["error", "TypeError", "'nothing' is not a function."]);
  });

  test("includes the place of a value that can't be sent, and a remedy", async () => {
    class User {}
    const { api } = pair(new Failing());
    expect(() => api.put({ a: 1 }, { who: new User() })).toThrow(
      "Cannot serialize value: [object Object] (arguments[1].who: User). Send a plain object, or " +
        "have its class extend RpcTarget to send a stub.",
    );
    expect(() => api.put({ "a b": [new Map()] })).toThrow(
      /arguments\[0\]\["a b"\]\[0\]: Map\)\. Send \[/,
    );
    expect(() => api.put(() => 1, new User())).toThrow(/arguments\[1\]: User/);
    expect(() => api.put(new URLSearchParams("a=1"))).toThrow(/URLSearchParams.*String\(params\)/);
    expect(await failure(api.bad())).toMatchObject({
      message: expect.stringMatching(/result\.user: User/),
    });
  });

  test("includes the advice to use dup() for a stub that was kept without", async () => {
    const { api } = pair(new Failing());
    await api.keep(() => 1);
    expect(await failure(kept())).toMatchObject({ message: expect.stringMatching(/dup\(\)/) });
  });
});
