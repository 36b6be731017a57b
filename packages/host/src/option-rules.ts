import {
  nested,
  type OptionRule,
  type OptionRules,
  optionRules,
  orFalse,
  required,
  sessionRules,
} from "@capnweb/core/options";
import type { BroadcastOptions } from "./broadcast.ts";
import type { DrainOptions } from "./drain.ts";
import type { HostOptions } from "./host-options.ts";
import type { ResumeHostOptions } from "./resumption.ts";

const { any, boolean, function: func, list, milliseconds, number, object, text } = optionRules;

/** The longest delay of a timer. Runtimes replace a longer one with 1 ms. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** A drain ends, so it can't wait for ever. */
const finite = {
  must: "a number of milliseconds, from 0 to 24 days",
  allows: (value: unknown) => milliseconds.allows(value) && (value as number) <= LONGEST_DELAY,
};

/** The functions that serve a host. */
const SERVING = "attachHost(), newHostHandler() or newBunHostHandler()";

/** Options that WebSockets have for themselves. */
const SOCKET_OPTIONS =
  /^(keepAlive|idleTimeout|maxPayload|maxBufferedAmount|highWaterMark|subprotocols)$/;

const origins: OptionRule = {
  must: '"same-site", "*", an array of origins, or a function',
  allows: (value) =>
    value === "same-site" || value === "*" || Array.isArray(value) || typeof value === "function",
};

const path: OptionRule = {
  must: 'a path that begins with "/"',
  allows: (value) => typeof value === "string" && value[0] === "/",
};

/** The rules of the options of a function that serves a host at a path, over all media. */
export const SERVE_RULES = {
  path,
  healthPath: orFalse(path),
  readyPath: orFalse(path),
  webSocket: orFalse(object),
  http: orFalse(object),
  addressOf: func,
};

/** Tells about an option of the host that was given to a function that serves it. */
export function inHost(name: string): string | undefined {
  return Object.hasOwn(HOST_RULES, name) ? "Give it to new RpcHost(), for all media." : undefined;
}

const RESUME_RULES: OptionRules<ResumeHostOptions> = {
  window: milliseconds,
  maxDetached: number,
  maxDetachedPerGroup: number,
  maxDetachedBytes: number,
  maxKeptBytes: number,
  firstMessageTimeout: milliseconds,
  maxWaiting: number,
  isSole: boolean,
  epoch: text,
  buffer: number,
  maxBuffered: number,
  clock: any,
};

/** The rules of a host's options. Values of `any` are checked where they are used. */
export const HOST_RULES: OptionRules<HostOptions> = {
  createMain: required(func),
  authorize: func,
  authorizeTimeout: milliseconds,
  openTimeout: milliseconds,
  resume: orFalse(nested(RESUME_RULES)),
  retryAfter: number,
  countTraffic: boolean,
  onOpen: func,
  onEnd: func,
  maxSessions: number,
  maxSessionsPerAddress: number,
  origins,
  hosts: list,
  ...sessionRules,
};

/** Tells about an option of a medium or a path that was given to the host. */
export function outsideHost(name: string): string | undefined {
  if (Object.hasOwn(SERVE_RULES, name)) return `Give it to ${SERVING}.`;
  if (name === "cors") return `Give it to ${SERVING}: { http: { cors: … } }.`;
  if (!SOCKET_OPTIONS.test(name)) return undefined;
  return `Give it to ${SERVING}: { webSocket: { ${name}: … } }.`;
}

export const DRAIN_RULES: OptionRules<DrainOptions> = {
  deadline: finite,
  notice: finite,
  reason: text,
};

export const BROADCAST_RULES: OptionRules<BroadcastOptions> = {
  timeout: milliseconds,
  filter: func,
};
