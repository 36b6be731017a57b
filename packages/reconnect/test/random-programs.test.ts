import { callOptions, RpcTarget } from "@capnweb/core";
import {
  Durable,
  generateSecret,
  KeyRing,
  offerDurable,
  restore,
  restoreParams,
} from "@capnweb/durable";
import { ResumeAcceptor } from "@capnweb/resume";
import { assertNoLeaks } from "@capnweb/testkit";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { ConnectionError, connect } from "../src/index.ts";
import { settle } from "./support/fake-clock.ts";
import { Network, quick, statesOf } from "./support/network.ts";

/** The number of random programs. */
const RUNS = Number(process.env.RUNS ?? 40);
const SEED = Number(process.env.SEED ?? 1);

/** A target that is passed as an argument, and must be disposed of once. */
class Argument extends RpcTarget {
  calls = 0;
  disposals = 0;
  call() {
    this.calls++;
  }
  [Symbol.dispose]() {
    this.disposals++;
  }
}

class Room extends RpcTarget {
  readonly #journal: string[];
  constructor(journal: string[]) {
    super();
    this.#journal = journal;
  }
  static [restore](_: unknown, { identity }: { identity: string[] }) {
    return new Room(identity);
  }
  [restoreParams]() {
    return null;
  }
  say(id: string) {
    this.#journal.push(id);
    return id;
  }
}

class Api extends RpcTarget {
  /** The ids that were recorded in this session, in order. */
  readonly recorded: string[] = [];
  readonly #journal: string[];
  constructor(journal: string[]) {
    super();
    this.#journal = journal;
  }
  record(id: string) {
    this.recorded.push(id);
    this.#journal.push(id);
    return id;
  }
  async slow(id: string) {
    this.#journal.push(id);
    await settle();
    return id;
  }
  room(id: string) {
    this.#journal.push(`room ${id}`);
    return new Room(this.#journal);
  }
  /** Another object, so that pipelining has to wait. */
  async later() {
    await undefined;
    return new Api(this.#journal);
  }
  async use(id: string, argument: Argument) {
    this.#journal.push(id);
    await (argument as unknown as { call(): Promise<void> }).call();
    return id;
  }
}

/** The message by which a server asks its client to leave within some milliseconds. */
const GOAWAY = '["reject",2147483647,{"capnweb":{"goaway":{"deadline":5}}}]';

const KINDS = ["api", "again", "slow", "kept", "chain", "argument", "argument again"] as const;
type Kind = (typeof KINDS)[number];

type Step =
  | { do: "call"; kind: Kind; isDropped: boolean }
  | { do: "cut"; stays: "up" | "down" }
  | { do: "up" }
  | { do: "restart" }
  | { do: "drain" }
  | { do: "turn" }
  | { do: "wait" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("call" as const),
      kind: fc.constantFrom(...KINDS),
      isDropped: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("cut" as const), stays: fc.constantFrom("up", "down") }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "up" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "restart" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "drain" as const }) },
  { weight: 3, arbitrary: fc.constant({ do: "turn" as const }) },
  { weight: 2, arbitrary: fc.constant({ do: "wait" as const }) },
) as fc.Arbitrary<Step>;

/** The properties of a server. */
interface Abilities {
  resumes: boolean;
  /** True if it offers tokens for its rooms. */
  offers?: boolean;
}

const keys = new KeyRing([{ id: "1", secret: generateSecret() }]);
const durable = new Durable<string[]>({ classes: { room: Room }, keys });

/** Runs a program, and checks its outcomes against the journal of the server. */
async function run(steps: readonly Step[], { resumes, offers }: Abilities): Promise<void> {
  const journal: string[] = [];
  const outcomes = new Map<string, string>();
  const targets: Argument[] = [];
  const mains: Api[] = [];
  const createMain = () => {
    const main = new Api(journal);
    mains.push(main);
    return offers ? offerDurable(main, durable, { identity: journal }) : main;
  };
  const network = new Network(createMain, {}, { seed: steps.length });
  const restart = () => {
    network.acceptor = resumes ? new ResumeAcceptor() : undefined;
    if (network.links.length > 0) network.cut();
  };
  restart();
  const connection = connect<Api>({ open: network.open, ...quick });
  const states = statesOf(connection);
  const { api } = connection;
  const again = callOptions(api, { idempotent: true });
  const tokens: unknown[] = [];
  const derive = (main: typeof api) => {
    using later = main.later();
    return later.room("kept");
  };
  const kept = connection.keep(derive, { onToken: (token) => tokens.push(token) });
  const pass = (target: typeof api, id: string) => {
    const argument = new Argument();
    targets.push(argument);
    return target.use(id, argument);
  };
  const make: Record<Kind, (id: string) => PromiseLike<unknown> & Disposable> = {
    api: (id) => api.record(id),
    again: (id) => again.record(id),
    slow: (id) => api.slow(id),
    kept: (id) => kept.say(id),
    chain: (id) => {
      using room = api.room(id);
      return room.say(id);
    },
    argument: (id) => pass(api, id),
    "argument again": (id) => pass(again, id),
  };
  let made = 0;
  const pending: Promise<void>[] = [];
  const note = async (id: string, promise: PromiseLike<unknown>) => {
    try {
      expect(await promise).toBe(id);
      outcomes.set(id, "done");
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      outcomes.set(id, error.execution);
    }
  };
  const take: { [K in Step["do"]]: (step: Step & { do: K }) => unknown } = {
    call({ kind, isDropped }) {
      const id = `${kind} ${made++}`;
      const promise = make[kind](id);
      if (isDropped) promise[Symbol.dispose]();
      else pending.push(note(id, promise));
    },
    cut: ({ stays }) => network.links.length > 0 && network.cut({ stays }),
    up() {
      network.isUp = true;
    },
    restart,
    drain() {
      network.links.at(-1)?.server.send(GOAWAY);
    },
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    wait: settle,
  };
  for (const each of steps) await (take[each.do] as (step: Step) => unknown)(each);
  network.isUp = true;
  await Promise.all(pending);
  await connection.ready();

  const runs = new Map<string, number>();
  for (const id of journal) runs.set(id, (runs.get(id) ?? 0) + 1);
  for (const [id, outcome] of outcomes) {
    const count = runs.get(id) ?? 0;
    const most = id.includes("again") ? 2 : 1;
    const isRight =
      outcome === "never" ? count === 0 : count <= most && (outcome !== "done" || count > 0);
    expect([id, outcome, count, isRight]).toEqual([id, outcome, count, true]);
  }
  // Calls that nothing awaited, too.
  for (const [id, count] of runs) {
    if (!id.startsWith("room"))
      expect([id, count <= (id.includes("again") ? 2 : 1)]).toEqual([id, true]);
  }
  // Calls keep their order within a session. Those of a session that is left may resume after the
  // first calls of the next one.
  for (const { recorded } of mains) expectInOrder(recorded);
  if (!steps.some((each) => each.do === "drain")) expectInOrder(journal);
  // Once it has a token, the kept stub isn't derived again.
  if (offers) {
    await vi.waitFor(() => expect(tokens.length).toBeGreaterThan(0));
    const derivations = () => journal.filter((id) => id === "room kept").length;
    const before = derivations();
    restart();
    await vi.waitFor(async () => expect(await kept.say("last")).toBe("last"));
    expect(derivations()).toBe(before);
  }
  // Each outage ends before the next one begins. A session that is left is no outage.
  for (const [i, state] of states.entries()) {
    if (state === "interrupted") expect(states[i - 1]).toMatch(/^open/);
  }
  kept[Symbol.dispose]();
  await vi.waitFor(() => {
    // The last one may have been made only to say farewell, and be over.
    const { imports, exports } = network.sessions.at(-1)!.getStats();
    expect(Math.max(imports, exports)).toBeLessThanOrEqual(1);
  });
  connection.close();
  await settle();
  expect(targets.map(({ disposals }) => disposals)).toEqual(targets.map(() => 1));
  await assertNoLeaks(
    [...new Set(network.sessions)].filter(({ signal }) => signal.aborted),
    { expected: 0 },
  );
}

/** Expects that the calls on the main stub that aren't repeated were made in their order. */
function expectInOrder(ids: readonly string[]): void {
  const numbers = ids.filter((id) => id.startsWith("api ")).map((id) => Number(id.slice(4)));
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
}

test.each([
  ["a server that resumes", { resumes: true }],
  ["a server that doesn't", { resumes: false }],
  ["a server that offers tokens", { resumes: true, offers: true }],
])(
  "random programs with random cuts are never wrong, with %s",
  async (_name, abilities) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), (steps) => run(steps, abilities)),
      { numRuns: RUNS, seed: SEED },
    );
  },
  600_000,
);
