// Settings of sessions and capabilities that outlive connections, and of drains.
import { constant, fallback, option, type Setting } from "./setting.ts";

const RESUME = "resume/src/";
const STORE = `${RESUME}session-store.ts`;
const DURABLE = "durable/src/options.ts";
const RECONNECT = "reconnect/src/";

/** Bytes that wait for a peer, and the default of `maxBuffered` at servers: twice `buffer`. */
const BUFFER = constant(`${RESUME}outflow.ts`, "DEFAULT_BUFFER");

/** Options of `resume` of an `RpcHost`, and of `ResumeAcceptor` and `ResumingTransport`. */
const RESUMED: readonly Setting[] = [
  option(
    "resume.window",
    [constant(STORE, "DEFAULT_WINDOW"), constant(`${RESUME}client.ts`, "DEFAULT_WINDOW")],
    "milliseconds without a connection",
    "the session ends (`RESUME_EXPIRED`)",
    "the memory of a session for this time after its connection is lost",
  ),
  option(
    "resume.maxDetached",
    [constant(STORE, "DEFAULT_MAX_DETACHED"), "–"],
    "sessions without a connection",
    "the one that has waited longest ends (`RESUME_EVICTED`)",
    "[14 KB](host.md#clients-that-come-back) for each quiet session; others are evicted earlier",
  ),
  option(
    "resume.maxDetachedPerGroup",
    [constant(STORE, "DEFAULT_MAX_DETACHED_PER_GROUP"), "–"],
    "the same for one address, or for one IPv6 network (64 bits)",
    "the one of the group that has waited longest ends (`RESUME_EVICTED`)",
    "this number for each address or IPv6 network of the attacker",
  ),
  option(
    "resume.maxDetachedBytes",
    [constant(STORE, "DEFAULT_MAX_DETACHED_BYTES"), "–"],
    "bytes that wait for the peers of sessions without a connection",
    "the largest one of the group with the most bytes ends (`RESUME_EVICTED`)",
    "this memory",
  ),
  option(
    "resume.maxKeptBytes",
    [constant(STORE, "DEFAULT_MAX_KEPT_BYTES"), "–"],
    "bytes that all sessions keep for their peers",
    "the connected sessions that keep most drop the messages that have left: they go on, but can't be resumed",
    "this memory; not counted as held",
  ),
  option(
    "resume.buffer",
    [BUFFER, BUFFER],
    "bytes that a session keeps for its peer",
    "streams hold back",
    "–",
  ),
  option(
    "resume.maxBuffered",
    ["2 × `buffer`", constant(`${RESUME}client.ts`, "MAX_BUFFERED")],
    "the same, besides the largest message",
    "without a connection, the session ends (`RESUME_BUFFER_FULL`); with one, the oldest messages are dropped, and it can't be resumed until the peer acknowledges them",
    "this memory for each session, and its largest answer; counted by `maxKeptBytes`",
  ),
  option(
    "resume.firstMessageTimeout",
    [constant(`${RESUME}acceptor.ts`, "DEFAULT_FIRST_MESSAGE_TIMEOUT"), "–"],
    "milliseconds until the peer's first message",
    "the peer is served as one that doesn't know `resume`",
    "a connection without a session for this time; it counts for `maxSessions`",
  ),
  option(
    "resume.maxWaiting",
    [constant(`${RESUME}acceptor.ts`, "DEFAULT_MAX_WAITING"), "–"],
    "bytes that a peer sends before its session starts, besides the largest message",
    "the connection is cut",
    "64 KiB where the medium can hold a peer back; elsewhere this memory for each connection",
  ),
  option(
    "attemptTimeout",
    ["–", constant(`${RESUME}dialer.ts`, "DEFAULT_ATTEMPT_TIMEOUT")],
    "resuming: milliseconds of an attempt to connect, the peer's answer included",
    "the next attempt follows",
    "–",
  ),
];

/** Options of `drain()` and `broadcast()` of an `RpcHost`. */
const HOST: readonly Setting[] = [
  option(
    "deadline",
    [constant("host/src/host.ts", "DEFAULT_DEADLINE"), "–"],
    "milliseconds of a drain",
    "the rest is closed with 1001; calls under way fail",
    "a drain of this duration",
  ),
  option(
    "notice",
    [fallback("host/src/host.ts", "notice"), "–"],
    "milliseconds of a drain in which sessions are still accepted",
    "503",
    "–",
  ),
  option(
    "timeout",
    [constant("host/src/broadcast.ts", "DEFAULT_TIMEOUT"), "–"],
    "milliseconds of a client's answer to a broadcast",
    "the client counts as failed (`BROADCAST_TIMEOUT`); its call goes on",
    "a broadcast of this duration",
  ),
];

/** Options of `Durable`. */
const TOKENS: readonly Setting[] = [
  option(
    "maxLifetime",
    ["365 days", "–"],
    "milliseconds from the sealing of a token to its end, whatever it says",
    "the token is refused (`DURABLE_EXPIRED`)",
    "a stolen token for this time, unless it is revoked or has an audience",
  ),
  option(
    "maxTokenSize",
    [fallback(DURABLE, "maxTokenSize"), "–"],
    "characters of a token",
    "the token is refused, before it is decrypted; the object can't be sealed",
    "the decryption of this many characters",
  ),
  option(
    "maxNested",
    [fallback(DURABLE, "maxNested"), "–"],
    "durable objects in the params of one",
    "the token is refused; the object can't be sealed",
    "this many calls of `[restore]` for one token",
  ),
  option(
    "maxRestores",
    [fallback(DURABLE, "maxRestores"), "–"],
    "calls of `[restore]` that run at once",
    "further ones wait, those of different owners in turn",
    "the work of this many calls",
  ),
  option(
    "maxWaitingRestores",
    [fallback(DURABLE, "maxWaitingRestores"), "–"],
    "calls of `[restore]` that wait",
    "one of the owner with the most of them is refused (`DURABLE_BUSY`)",
    "the waiting time of other owners, who have their turns",
  ),
  option(
    "restoreTimeout",
    [fallback(DURABLE, "restoreTimeout"), "–"],
    "milliseconds of an unsealing",
    "it fails (`DURABLE_RESTORE`); its `[restore]` goes on, and keeps its place",
    "one of the `maxRestores` for the duration of a hanging `[restore]`",
  ),
];

/** Options of `connect()` of `@capnweb/reconnect`. */
const CONNECTIONS: readonly Setting[] = [
  option(
    "health",
    [
      "–",
      `${constant(`${RECONNECT}health.ts`, "DEFAULT_INTERVAL")}, ${constant(`${RECONNECT}health.ts`, "DEFAULT_TIMEOUT")}`,
    ],
    "reconnecting: milliseconds between probes (`interval`), and from then on until the connection is given up (`timeout`)",
    "the next attempt follows",
    "a connection for as long as the peer answers probes",
  ),
  option(
    "offline",
    [
      "–",
      `${fallback(`${RECONNECT}offline-calls.ts`, "max")}, ${fallback(`${RECONNECT}offline-calls.ts`, "maxAge")}`,
    ],
    "reconnecting: calls that wait for a connection (`max`), and their milliseconds (`maxAge`)",
    'the call fails with `execution: "never"`',
    "–",
  ),
  option(
    "retryBudget",
    [
      "–",
      `${fallback(`${RECONNECT}retry-budget.ts`, "size")}, ${fallback(`${RECONNECT}retry-budget.ts`, "perSecond")}`,
    ],
    "reconnecting: idempotent calls that are repeated at once (`size`), and later (`perSecond`)",
    'the call fails with `execution: "maybe"`',
    "a server that cuts connections gets this many calls again",
  ),
  option(
    "backoff",
    [
      "–",
      `${fallback("resume/src/backoff.ts", "min")}, ${fallback("resume/src/backoff.ts", "max")}`,
    ],
    "reconnecting, resuming: longest milliseconds before the second attempt (`min`) and any later one (`max`)",
    "–",
    "–",
  ),
];

/** All of them. */
export const OUTLIVING: readonly Setting[] = [...RESUMED, ...HOST, ...TOKENS, ...CONNECTIONS];
