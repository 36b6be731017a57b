import { runScenarios } from "../conformance/client-driver.ts";
import { withNotes } from "../conformance/client-notes.ts";
import type { Connection, ConnectionListener } from "../conformance/connection.ts";
import { Inbox } from "../conformance/inbox.ts";
import { resultOf, type ScenarioResult, skippedResult } from "../conformance/result.ts";
import type { RunOptions } from "../conformance/run-options.ts";
import { NO_TIME, RunTime } from "../conformance/run-time.ts";
import type { Scenario, Scenarios } from "../conformance/scenario.ts";
import { inTime } from "../conformance/time-limit.ts";
import { connect } from "../conformance/websocket.ts";
import { runProgram } from "../program/run-program.ts";
import type { Notes } from "../program/steps.ts";
import { IMPLEMENTATION, type ReferenceOptions, startSession } from "./session.ts";

/** Options of {@link runReference}. */
export interface ReferenceClientOptions
  extends ReferenceOptions,
    Pick<RunOptions, "total" | "onResult"> {
  /** Milliseconds that a program may take. Default 5000. */
  readonly timeout?: number | undefined;
}

/** Milliseconds without messages after which nothing is in flight. */
const QUIET = 100;

/** True if a scenario is a program of a client, for a server with the application. */
export function isProgram({ client, server, quirk, onSendError, perform }: Scenario): boolean {
  const isPlain = quirk === undefined && onSendError === undefined && perform === undefined;
  return isPlain && "program" in client && "application" in server;
}

/**
 * Runs the programs of scenarios with our client, on a server that offers the application of
 * docs/conformance.md. Compares what the programs note, and no messages: a server that is being
 * built sees a correct client at work.
 *
 * @param url the server's `ws:` or `wss:` URL
 * @returns the results; the exchange of each is the whole conversation
 * @throws UnreachableError if there is no server
 */
export async function runReference(
  url: string,
  scenarios: Scenarios,
  options: ReferenceClientOptions = {},
): Promise<ScenarioResult[]> {
  const time = new RunTime(options.total);
  const results: ScenarioResult[] = [];
  try {
    for (const scenario of [...scenarios.values()].filter(isProgram)) {
      const result = time.isOver
        ? skippedResult(scenario, NO_TIME)
        : await run(url, scenario, time, options);
      results.push(result);
      options.onResult?.(result);
    }
  } finally {
    time.stop();
  }
  return results;
}

async function run(
  url: string,
  scenario: Scenario,
  time: RunTime,
  options: ReferenceClientOptions,
): Promise<ScenarioResult> {
  const { timeout = 5000 } = options;
  const inbox = new Inbox(timeout);
  let listener!: ConnectionListener;
  const connection = await connect(
    url,
    {
      message(text) {
        inbox.message(text);
        listener.message(text);
      },
      closed(reason) {
        inbox.closed(reason);
        listener.closed(reason);
      },
    },
    timeout,
  );
  const session = startSession(
    (session) => {
      listener = session;
      return {
        send(text) {
          inbox.said(text);
          connection.send(text);
        },
        close: () => connection.close(),
      };
    },
    undefined,
    options,
    false,
  );
  const api = session.getRemoteMain();
  const { client } = scenario;
  const steps = "program" in client ? client.program : [];
  let notes: Notes | undefined;
  const result = await resultOf(scenario, "server", { inbox, habits: new Set() }, async () => {
    const settle = () => quiet(inbox);
    const program = () => runProgram(steps, { implementation: IMPLEMENTATION, api, settle });
    notes = await time.within(() => inTime(program, timeout, "the program"));
  });
  api[Symbol.dispose]();
  connection.close();
  const isOver = result.failure === undefined && result.skipped === undefined;
  return isOver ? withNotes(result, scenario, notes, false) : result;
}

async function quiet(inbox: Inbox): Promise<void> {
  let known: number;
  do {
    known = inbox.exchange.length;
    await inbox.wait(() => inbox.isClosed, QUIET);
  } while (inbox.exchange.length > known);
}

/**
 * Runs our client through all scenarios of a running `capnweb-testkit serve`, as a client under
 * test does.
 *
 * @param url the `http:` URL at which it serves
 */
export async function runReferenceAtKit(
  url: string,
  { timeout = 5000, ...options }: ReferenceClientOptions = {},
): Promise<void> {
  let opening: Promise<unknown> = Promise.resolve();
  await runScenarios(url.replace(/\/$/, ""), {
    implementation: IMPLEMENTATION,
    connect(run) {
      const open = (listener: ConnectionListener) => connectLater(run, listener, timeout);
      return startSession(
        (listener) => {
          const { opened, ...connection } = open(listener);
          opening = opened;
          return connection;
        },
        undefined,
        options,
        false,
      ).getRemoteMain();
    },
    opened: () => opening,
    quiet: QUIET,
    timeout,
  });
}

/** A connection that sends what it is given once it is open. */
function connectLater(
  url: string,
  listener: ConnectionListener,
  timeout: number,
): Connection & { readonly opened: Promise<unknown> } {
  const opening = connect(url, listener, timeout);
  const failed = (error: Error) => listener.closed(error.message);
  return {
    send: (text) => void opening.then((connection) => connection.send(text), failed),
    close: () => void opening.then((connection) => connection.close(), failed),
    opened: opening.catch(() => {}),
  };
}
