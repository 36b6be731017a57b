import * as core from "@capnweb/core";
import * as http from "@capnweb/transport-http";
import * as webSocket from "@capnweb/transport-ws";
import * as wire from "@capnweb/wire";
import { capnwebContestant } from "./capnweb.ts";
import { createPushLink } from "./memory-link.ts";

const implementation = { ...core, ...http, ...webSocket, ...wire };

/**
 * What the peers are is known here: all of them answer calls that leave as `stream` messages. Two
 * of ours find that out by themselves.
 */
const PEERS_KNOW_STREAM = { streamCalls: true };

export const ours = capnwebContestant(implementation, createPushLink, PEERS_KNOW_STREAM);

/** Ours on the in-memory link that the reference has. */
export const oursPullStyle = capnwebContestant(implementation);
