/** Results and errors that can't be sent, or that throw when looked at. */
const ODD: Readonly<Record<string, () => unknown>> = {
  getter: () => ({
    get broken() {
      throw new Error("a getter");
    },
  }),
  cycle: () => {
    const list: unknown[] = [];
    list.push(list);
    return list;
  },
  proxy: () => {
    const refuse = () => {
      throw new Error("a trap");
    };
    return new Proxy({}, { get: refuse, ownKeys: refuse, getPrototypeOf: refuse });
  },
  // biome-ignore lint/suspicious/noThenProperty: it is the point
  then: () => Object.defineProperty({}, "then", { get: thrower("then"), enumerable: true }),
  error: () => {
    const error = new Error("an error");
    for (const key of ["name", "message", "stack"]) {
      Object.defineProperty(error, key, { get: thrower(key) });
    }
    throw error;
  },
  symbol: () => ({ list: [Symbol("odd")] }),
  secret: () => {
    throw Object.assign(new Error("refused"), { authorization: "Bearer attack-secret" });
  },
};

function thrower(name: string): () => never {
  return () => {
    throw new Error(`the getter ${name}`);
  };
}

/** Returns the odd value of a kind, or throws the odd error. For unknown kinds, returns "none". */
export async function odd(kind: string): Promise<unknown> {
  return Object.hasOwn(ODD, kind) ? ODD[kind]!() : "none";
}
