import * as core from "@capnweb/core";
import * as http from "@capnweb/transport-http";
import * as webSocket from "@capnweb/transport-ws";
import * as wire from "@capnweb/wire";
import { capnwebContestant } from "./capnweb.ts";
import { createPushLink } from "./memory-link.ts";

const implementation = { ...core, ...http, ...webSocket, ...wire };

/**
 * All peers here are known to answer calls that leave as `stream` messages. Two of ours find that
 * out by themselves.
 */
const PEERS_KNOW_STREAM = { streamCalls: true };

export const ours = capnwebContestant(implementation, createPushLink, PEERS_KNOW_STREAM);

/** Ours, on the reference's in-memory link. */
export const oursPullStyle = capnwebContestant(implementation);

/** Ours, with an interceptor in each direction that does nothing. */
export function oursIntercepted() {
  const interceptors = core.intercept({
    call: (_, next) => next(),
    serve: (_, next) => next(),
  });
  return capnwebContestant(implementation, createPushLink, PEERS_KNOW_STREAM, { interceptors });
}
