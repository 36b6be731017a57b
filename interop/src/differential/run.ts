import type { Implementation } from "../implementation.ts";
import { connections } from "./connections.ts";
import { attempt } from "./describe-value.ts";
import { heardErrors } from "./heard-errors.ts";
import { createServerMain } from "./server.ts";
import { turns } from "./turns.ts";
import type { Kind, Operation, Place, World } from "./world.ts";

/** A program: a value, a way for it to travel, and an operation on the value that arrives. */
export interface Program {
  readonly medium: string;
  readonly kind: Kind;
  readonly place: Place;
  readonly operation: Operation;
}

/** All observations of one run. */
export interface Report {
  readonly outcome: string;
  /** The observations of the operation, one for each time that it ran. */
  readonly seen: readonly string[];
  readonly events: readonly string[];
  readonly disposals: readonly string[];
  readonly clientSent: readonly string[];
  readonly serverSent: readonly string[];
  readonly tables: string;
  /** The events after the client disposed of its main stub. */
  readonly atEnd: readonly string[];
  readonly unhandled: readonly string[];
}

/**
 * Milliseconds after which a quiet program counts as waiting for ever. Threads of the platform read
 * blobs, and no event reports when.
 */
const MOMENTS = 20;

/** Runs a program with `rpc` at both ends. */
export async function runProgram(rpc: Implementation, program: Program): Promise<Report> {
  const { medium, kind, place, operation } = program;
  const events: string[] = [];
  const disposals: string[] = [];
  // Kept apart from the other events, because the two sides' orders are unrelated.
  const mainDisposals: string[] = [];
  const world: Omit<World, "api" | "link"> = {
    rpc,
    give: () => undefined,
    take: () => undefined,
    note: (event) => events.push(event),
    disposed: (name) => disposals.push(name),
    mainDisposed: () => mainDisposals.push("main"),
  };
  const heard = heardErrors();
  const connection = connections[medium]!(rpc, createServerMain(world as World));
  const { api } = connection;
  const whole: World = Object.assign(world, { api, link: connection });

  const seen: string[] = [];
  const use = async (value: any) => {
    seen.push(await attempt(() => operation.run(whole, value)));
  };
  let outcome: string | undefined;
  void attempt(() => place.run(whole, () => kind.make(whole), use)).then((text) => {
    outcome = text;
  });
  await connection.settle();
  for (let waited = 0; outcome === undefined && waited < MOMENTS; waited++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    await connection.settle();
  }
  await turns(2);
  const during = {
    outcome: outcome ?? "(waits for ever)",
    seen: [...seen],
    events: events.splice(0),
    disposals: disposals.splice(0),
    tables: connection.tables(),
  };
  const sent = connection.sent();
  api[Symbol.dispose]();
  await connection.settle();
  await turns(2);
  return {
    ...during,
    clientSent: sent.client,
    serverSent: sent.server,
    atEnd: [...events, ...disposals, ...mainDisposals],
    unhandled: heard.stop(),
  };
}
