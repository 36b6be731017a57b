// Serves the attack contract on each port, with the limits of a server. `run.ts` makes the attack
// suite start it in a thread.
import type { MessagePort } from "node:worker_threads";
import * as core from "@capnweb/core";
import { createAttackTarget } from "@capnweb/testkit";
import { newMessagePortRpcSession } from "@capnweb/transport-messageport";

/** Starts a session. */
export default function serve(port: MessagePort): void {
  newMessagePortRpcSession(port as never, createAttackTarget(core), { limits: "server" });
}
