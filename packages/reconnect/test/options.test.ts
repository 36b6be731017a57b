import { describe, expect, onTestFinished, test } from "vitest";
import { connect, connectPool } from "../src/index.ts";
import { setUp } from "./support/api.ts";

const open = () => new Promise<never>(() => {});

/** Connects with options that the types refuse. */
const connecting = (options?: any) => () => {
  const connection = connect(options);
  onTestFinished(() => connection.close());
};
const pooling = (options?: any) => () => {
  const pool = connectPool(options);
  onTestFinished(() => pool.close());
};

describe("options", () => {
  test.each([
    [undefined, "connect() takes its options as an object, such as { open: … }"],
    [{}, 'connect(): the option "open" must be a function, not undefined'],
    [{ open: "wss://x" }, 'the option "open" must be a function, not "wss://x"'],
    [{ open, openTimeout: "1s" }, '"openTimeout" must be a number of milliseconds'],
    [{ open, openTimeout: Number.NaN }, '"openTimeout" must be a number of milliseconds'],
    [{ open, backoff: null }, '"backoff" must be an object, not null'],
    [{ open, opentimeout: 1 }, 'Did you mean "openTimeout"?'],
    [{ open, url: "wss://x" }, 'connect() has no option "url"'],
    [
      { open, backoff: { mim: 1 } },
      '"backoff" of connect() has no option "mim". Did you mean "min"',
    ],
    [{ open, backoff: { max: -1 } }, '"backoff" of connect(): the option "max" must be'],
    [{ open, health: { onWake: 1 } }, '"health" of connect(): the option "onWake" must be true or'],
    [{ open, offline: { maxage: 1 } }, '"offline" of connect() has no option "maxage"'],
    [
      { open, offline: { max: "all" } },
      '"offline" of connect(): the option "max" must be a number',
    ],
    [{ open, retryBudget: { rate: 1 } }, '"retryBudget" of connect() has no option "rate"'],
    [{ open, resume: { windw: 1 } }, '"resume" of connect() has no option "windw"'],
    [{ open, resume: true }, '"resume" must be an object, or false'],
    [{ open, limits: { maxPips: 1 } }, "maxPips"],
    [{ open, interceptors: {} }, '"interceptors" must be made with intercept(a, b)'],
  ])("that are missing, wrong or unknown are refused by their names: %o", (options, message) => {
    expect(connecting(options)).toThrow(TypeError);
    expect(connecting(options)).toThrow(message);
  });

  test.each([
    [{ open, url: ["wss://x"] }, 'Did you mean "urls"?'],
    [{ open, urls: "wss://x" }, '"urls" must be a list of one URL or more'],
    [{ open, urls: [] }, '"urls" must be a list of one URL or more'],
    [{ open, size: 0 }, '"size" must be the number of connections, 1 or more'],
    [{ open, health: { timeOut: 1 } }, '"health" of connectPool() has no option "timeOut"'],
  ])("of pools are refused likewise: %o", (options, message) => {
    expect(pooling(options)).toThrow(message);
  });

  test.each([
    [{ tokn: 1 }, 'keep() has no option "tokn". Did you mean "token"?'],
    [{ onToken: "x" }, 'keep(): the option "onToken" must be a function'],
    [{ token: "abc" }, 'keep(): the option "token" must be an object, not "abc"'],
    [{ token: "a secret token".repeat(9) }, '"token" must be an object, not a long text.'],
    [{ token: { token: "abc" } }, '"token" of keep(): the option "expires" must be a number'],
    [null, "keep() takes its options as an object"],
  ])("of keep() are refused likewise: %o", (options, message) => {
    const { connection } = setUp();
    const keep = () => connection.keep((api) => api.room("42"), options as never);
    expect(keep).toThrow(message);
  });

  test("of sessions are allowed", () => {
    expect(connecting({ open, onError() {}, call: { timeout: 1 } })).not.toThrow();
    expect(pooling({ open, urls: ["wss://x"], size: 2, limits: {} })).not.toThrow();
  });

  test("of keep() begin with a function", () => {
    const { connection } = setUp();
    expect(() => connection.keep("room" as never)).toThrow("keep() needs a function");
  });
});
