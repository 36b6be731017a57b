import type { Kind, World } from "./world.ts";

/** A target with members of all kinds. Its disposal is noted. */
export function makeTarget({ rpc, disposed }: World, name = "target"): any {
  class Target extends rpc.RpcTarget {
    own = "own";
    get name() {
      return name;
    }
    get inner() {
      return { deep: { er: 1 }, list: [1, 2] };
    }
    greet(who: unknown) {
      return `${name} greets ${String(who)}`;
    }
    self() {
      return this;
    }
    fail() {
      throw new RangeError(`${name} failed`);
    }
    [Symbol.dispose]() {
      disposed(name);
    }
  }
  return new Target();
}

/** A function whose disposal is noted. */
function makeFunction({ disposed }: World): any {
  const greet = (who: unknown) => `function greets ${String(who)}`;
  return Object.assign(greet, {
    extra: { name: "of a function" },
    [Symbol.dispose]: () => disposed("function"),
  });
}

const dupable = (world: World) => {
  const target = makeTarget(world, "original");
  Object.getPrototypeOf(target).dup = () => makeTarget(world, "duplicate");
  return target;
};

const disposedStub = (world: World) => {
  const stub = new world.rpc.RpcStub(makeTarget(world));
  stub[Symbol.dispose]();
  return stub;
};

/** Targets, functions, stubs and promises, by the expression that makes them. */
const makers: Readonly<Record<string, (world: World) => unknown>> = {
  "a target": (world) => makeTarget(world),
  "a target with dup()": dupable,
  "a function": makeFunction,
  "an async function": () => async () => "from an async function",
  "a class": (world) => class Made extends world.rpc.RpcTarget {},
  "a stub": (world) => new world.rpc.RpcStub(makeTarget(world)),
  "a stub of a function": (world) => new world.rpc.RpcStub(makeFunction(world)),
  "a stub of an object": (world) =>
    new world.rpc.RpcStub({ name: "object", target: makeTarget(world) }),
  "a disposed stub": disposedStub,
  "a property of a stub": (world) => new world.rpc.RpcStub(makeTarget(world)).inner,
  "a call of a stub": (world) => new world.rpc.RpcStub(makeTarget(world)).greet("you"),
  "a failing call of a stub": (world) => new world.rpc.RpcStub(makeTarget(world)).fail(),
  "an RpcPromise of data": (world) => new world.rpc.RpcPromise(Promise.resolve({ name: "late" })),
  "an RpcPromise of a target": (world) =>
    new world.rpc.RpcPromise(Promise.resolve(makeTarget(world))),
  "an RpcPromise that rejects": (world) =>
    new world.rpc.RpcPromise(Promise.reject(new TypeError("rejected"))),
  "an RpcPromise of an RpcPromise": (world) =>
    new world.rpc.RpcPromise(Promise.resolve(new world.rpc.RpcPromise(Promise.resolve(5)))),
  "a native promise": () => Promise.resolve("native"),
  "a native promise that rejects": () => Promise.reject(new TypeError("natively rejected")),
  "an object of capabilities": (world) => ({
    name: "holder",
    target: makeTarget(world, "first"),
    list: [makeTarget(world, "second"), () => "third"],
  }),
  "one target twice": (world) => {
    const target = makeTarget(world, "shared");
    return { first: target, second: target };
  },
  "one stub twice": (world) => {
    const stub = new world.rpc.RpcStub(makeTarget(world, "shared"));
    return [stub, stub];
  },
  "a target beside what can't travel": (world) => ({ target: makeTarget(world), bad: new Map() }),
  "a proxy of a target": (world) => new Proxy(makeTarget(world), {}),
};

export const capabilityKinds: readonly Kind[] = Object.entries(makers).map(([name, make]) => ({
  name,
  make,
}));
