import * as core from "@capnweb/core";
import * as http from "@capnweb/transport-http";
import * as webSocket from "@capnweb/transport-ws";
import * as wire from "@capnweb/wire";
import { capnwebContestant } from "./capnweb.ts";
import { createPushLink } from "./memory-link.ts";

const implementation = { ...core, ...http, ...webSocket, ...wire };

export const ours = capnwebContestant(implementation, createPushLink);

/** Ours on the in-memory link that the reference has. */
export const oursPullStyle = capnwebContestant(implementation);
