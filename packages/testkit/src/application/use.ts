/** The actions of `use(stub, kind)`. */
export type UseKind =
  | "methods"
  | "pipeline"
  | "twice"
  | "map"
  | "lend"
  | "without waiting"
  | "nothing"
  | "failure";

const USES: Readonly<Record<UseKind, (stub: any, makeCounter: () => object) => unknown>> = {
  methods: async (stub) => [await stub.increment(5), await stub.value],
  pipeline: async (stub) => await stub.self().self().increment(1),
  twice: async (stub) => [await stub(1), await stub(2)],
  map: async (stub) => await stub.friends().map((friend: any) => friend.name),
  lend: async (stub, makeCounter) => await stub(makeCounter()),
  "without waiting"(stub) {
    stub(1);
    return "called";
  },
  nothing: () => "unused",
  async failure() {
    throw new Error("failed with the stub in hand");
  },
};

/** Performs the action of a kind on one of the caller's stubs. */
export function use(stub: any, kind: UseKind, makeCounter: () => object): unknown {
  return USES[kind](stub, makeCounter);
}
