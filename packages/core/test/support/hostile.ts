/** A proxy whose traps all throw. `spared` names properties that can be read. */
export function untouchable(target: object = {}, spared: readonly PropertyKey[] = []): any {
  const refuse = (): never => {
    throw new Error("untouchable");
  };
  const traps = new Proxy(
    {},
    {
      get: (_, trap) =>
        trap === "get"
          ? (_target: object, key: PropertyKey) => (spared.includes(key) ? undefined : refuse())
          : refuse,
    },
  );
  return new Proxy(target, traps);
}

/** A revoked proxy. Even asking whether it is a list fails. */
export function revoked(target: object = {}): any {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** `value` inside `depth` lists. */
export function nested(value: unknown, depth: number): unknown {
  let outer = value;
  for (let i = 0; i < depth; i++) outer = [outer];
  return outer;
}

/** An object that contains itself. */
export function cycle(): object {
  const object: Record<string, unknown> = {};
  object.self = object;
  return object;
}

/** An object with a member that can't be read from the `from`th time on. */
export function withGetter(name: string, from = 1, base: object = {}): any {
  let reads = 0;
  return Object.defineProperty(base, name, {
    enumerable: true,
    configurable: true,
    get() {
      if (++reads >= from) throw new Error(`no ${name}`);
      return 1;
    },
  });
}
