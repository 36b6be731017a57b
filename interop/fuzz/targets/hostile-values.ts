import { Box, boxInItself } from "./box.ts";

/** An index for any argument that chooses one of several. */
export function indexOf(which: unknown, below: number): number {
  return typeof which === "number" && which >= 0 ? Math.floor(which) % below : 0;
}

function throwing(name: string): () => never {
  return () => {
    throw new Error(`thrown by ${name}`);
  };
}

function withGetter(object: object, name: string): object {
  return Object.defineProperty(object, name, {
    get: throwing(`the getter ${name}`),
    enumerable: true,
  });
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** A proxy whose traps all throw. */
function hostileProxy(target: object): object {
  return new Proxy(target, new Proxy({}, { get: () => throwing("a trap") }));
}

function cyclic(): object {
  const object: Record<string, unknown> = { list: [1] };
  object["list"] = [object];
  return object;
}

function deep(): unknown {
  let value: unknown = 0;
  for (let i = 0; i < 5_000; i++) value = [value];
  return value;
}

const BAD: readonly (() => unknown)[] = [
  cyclic,
  deep,
  () => withGetter({ a: 1 }, "a"),
  () => withGetter({}, "then"),
  () => withGetter([1], "0"),
  () => hostileProxy({}),
  () => hostileProxy([]),
  () => hostileProxy(() => {}),
  revoked,
  () => Symbol("symbol"),
  () => ({ map: new Map() }),
  boxInItself,
  () => new Box([new Box([Symbol("symbol")])]),
  () => new (class Local {})(),
  () => new Date(Number.NaN),
  () => withGetter(new Date(0), "getTime"),
  () => withGetter(new Error("m"), "name"),
  () => Object.create(null),
  () => new Array(3),
  () => ({ toJSON: throwing("toJSON"), valueOf: throwing("valueOf") }),
  () => ({ then: throwing("then") }),
  () => ({ then: (settle: (value: unknown) => void) => settle(cyclic()) }),
  () => ({
    get then() {
      return 1;
    },
  }),
  () => Object.freeze({ a: Object.freeze([1]) }),
  () => withGetter(new Headers(), "entries"),
  () => new Response(null, { status: 204 }),
  () => (10n ** 20n) as unknown,
  () => {
    const promise = Promise.reject(makeError(3));
    // Once the session is over, no other code handles the rejection.
    promise.catch(() => {});
    return promise;
  },
];

/** A result that can't be sent, or that runs code when looked at. */
export function makeBad(which: unknown): unknown {
  const index = typeof which === "number" ? which : String(which).length;
  return BAD[indexOf(index * 7 + 3, BAD.length)]!();
}

const ERRORS: readonly (() => unknown)[] = [
  () => new Error("plain"),
  () => withGetter(new Error("m"), "name"),
  () => withGetter(new Error("m"), "message"),
  () => withGetter(new Error("m"), "stack"),
  () => withGetter(new Error("m"), "cause"),
  () => withGetter(new Error("m"), "own"),
  () => withGetter(new Error("m"), "then"),
  () => {
    const error = new Error("m", { cause: {} });
    error.cause = error;
    return error;
  },
  () => new AggregateError([new Error("inner"), Symbol("s"), cyclic()], "several"),
  () => Object.assign(new Error("m"), { name: Symbol("name"), message: 5 }),
  () => hostileProxy(new Error("m")),
  () => hostileProxy({}),
  revoked,
  () => Symbol("symbol"),
  () => undefined,
  () => null,
  () => "text",
  () => cyclic(),
  () => ({ then: throwing("then") }),
  () => Object.assign(new Error("m"), { code: 1, deep: deep(), f() {} }),
  () => new DOMException("m", "AbortError"),
  () => Object.setPrototypeOf({ message: "m" }, Error.prototype),
];

/** A value to throw. */
export function makeError(which: unknown): unknown {
  const index = typeof which === "number" ? which : String(typeof which).length;
  return ERRORS[indexOf(index * 5 + 1, ERRORS.length)]!();
}
