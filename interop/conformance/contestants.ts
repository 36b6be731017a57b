import type { Side } from "@capnweb/testkit";
import type { ScenarioResult, ServerTestOptions } from "@capnweb/testkit/conformance";
import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { newWebTransportRpcSession } from "@capnweb/transport-webtransport";
import {
  runClient,
  runClientWith,
  runServer,
  runServerWith,
  type Scenarios,
  type StartSession,
} from "../src/conformance-runs.ts";
import { type Implementation, OUR_WAYS } from "../src/implementation.ts";
import { portTo, streamsTo } from "../src/relays.ts";
import { RELEASES } from "../src/releases.ts";

/** An implementation in one role, over one medium. */
export interface Contestant {
  readonly implementation: string;
  readonly side: Side;
  readonly medium: string;
  run(scenarios: Scenarios, options: ServerTestOptions): Promise<ScenarioResult[]>;
}

const ours = OUR_WAYS["ours with extensions"]!;

/** An implementation in this process, in every role that it has there. */
function inProcess(name: string, implementation: Implementation): Contestant[] {
  const server = (medium: "WebSocket" | "HTTP batch"): Contestant => ({
    implementation: name,
    side: "server",
    medium,
    run: (scenarios, options) => runServer(implementation, medium, scenarios, options),
  });
  return [
    server("WebSocket"),
    server("HTTP batch"),
    {
      implementation: name,
      side: "client",
      medium: "WebSocket",
      run: (scenarios, options) => runClient(implementation, scenarios, options),
    },
  ];
}

/**
 * Our sessions over a medium that the kit reaches through a relay.
 *
 * @param exclude scenarios with messages that mean something else to the medium
 */
function relayed(
  medium: string,
  start: StartSession,
  exclude: readonly string[] = [],
): Contestant[] {
  return [
    {
      implementation: OURS_HERE,
      side: "server",
      medium,
      run: (scenarios, options) => runServerWith(ours, start, scenarios, { ...options, exclude }),
    },
    {
      implementation: OURS_HERE,
      side: "client",
      medium,
      run: (scenarios, options) => runClientWith(ours, start, scenarios, { ...options, exclude }),
    },
  ];
}

/** The options that make our sessions do as the reference does; see `@capnweb/compat`. */
const OPTIONS = { releaseForgotten: false, errorProperties: "all" } as const;

/** The name of our implementation in the Node of this process. */
export const OURS_HERE = "@capnweb, Node";

/** Our implementation over every transport, in this process. */
export const OUR_TRANSPORTS: readonly Contestant[] = [
  ...inProcess(OURS_HERE, ours),
  ...relayed("MessagePort", (socket, main) =>
    newMessagePortRpcSession(portTo(socket), main, OPTIONS),
  ),
  ...relayed(
    "WebTransport",
    (socket, main) => newWebTransportRpcSession(streamsTo(socket), main, OPTIONS),
    // Empty frames keep a connection alive.
    ["malformed-message-no-text-at-all", "malformed-message-from-the-server-no-text-at-all"],
  ),
];

/** The releases of the reference, in this process. */
export const REFERENCE_RELEASES: readonly Contestant[] = [...RELEASES].flatMap(
  ([version, release]) => inProcess(`capnweb ${version}`, release),
);
