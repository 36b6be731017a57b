import { LIMIT_PROFILES, type LimitName } from "@capnweb/core";
import { constant, option, type Setting, shown } from "./setting.ts";

function limit(name: LimitName, counted: string, atLimit: string, gain: string): Setting {
  const { server, client, trusted } = LIMIT_PROFILES;
  return {
    name: `limits.${name}`,
    defaults: [shown(server[name]), shown(client[name]), shown(trusted[name])],
    counted,
    atLimit,
    gain,
  };
}

/** The longest text, in bytes of UTF-8. */
const THREE_FRAMES = shown(3 * LIMIT_PROFILES.server.maxFrameSize);

const WS = "transport-ws/src/";
const HTTP = "transport-http/src/";
const WT = "transport-webtransport/src/";
const ENDS = "the session ends";

const both = (ws: string, wt: string) => (ws === wt ? ws : `${ws}; WebTransport ${wt}`);

/** The limits of sessions, which are the same on every transport. */
export const LIMITS: readonly Setting[] = [
  limit(
    "maxMessageSize",
    "UTF-16 code units of a message's text; bytes of the binary frames before it",
    `${ENDS}. A peer with this library knows the limit, and fails the call instead`,
    "{values.worst} ms of the thread, for a text of {values.worstKind}; most of it in `JSON.parse`",
  ),
  limit(
    "maxFrameSize",
    "UTF-16 code units of a text with several messages",
    `${ENDS}. A peer with this library knows the limit, and sends no such text`,
    "memory of one text; its messages share time with other sessions (`turnBudget`)",
  ),
  limit(
    "maxDepth",
    "levels of expressions, through calls and `map()`s",
    `${ENDS}. A value of this side that is nested too deeply fails its call (\`DepthError\`)`,
    "stack only",
  ),
  limit(
    "maxBigIntDigits",
    "decimal digits of a `bigint`",
    ENDS,
    "{bigint.ms} ms for a message full of the longest ones",
  ),
  limit(
    "maxValues",
    "values decoded from a message, [by weight](#one-message)",
    ENDS,
    "up to {values.memory} MB for a message of {values.memoryKind}",
  ),
  limit(
    "maxWork",
    "steps that a message sets off, [by weight](#one-message)",
    `${ENDS}. An answer of this side that exceeds it fails alone`,
    "up to {work.worst} ms of the thread ({work.worstKind}), up to {work.memory} MB ({work.memoryKind})",
  ),
  limit("maxExports", "capabilities and results that the peer holds", ENDS, "{maxExports} MB"),
  limit(
    "maxImports",
    "capabilities and promises of the peer that this side holds",
    ENDS,
    "{maxImports} MB, if the application keeps them",
  ),
  limit(
    "maxPendingCalls",
    "calls of the peer that run, or wait for arguments or a promise",
    ENDS,
    "{maxPendingCalls} MB, besides the memory of the methods; `maxHeldBytes` ends the session first",
  ),
  limit(
    "maxMetadataSize",
    "UTF-16 code units of the metadata of a call, and 8 for each value",
    `${ENDS}; an HTTP batch is answered with 431`,
    "memory of one such object: each context takes the place of the one before",
  ),
  limit("maxPipes", "open pipes of the peer", ENDS, "{maxPipes} MB, if all have a reader"),
  limit(
    "maxHeldBytes",
    "bytes held for a session: waiting messages, results, values of promises, chunks, and 128 to 4,096 for each entry of its tables",
    ENDS,
    "{maxHeldBytes} MB, of {maxHeldBytesKind}",
  ),
  limit(
    "maxProcessHeldBytes",
    "the same for all sessions and batches of the process that hold more than 16 KiB",
    "the largest sessions or batches of the network that holds most end, until the others have room",
    "four times the gain of a session",
  ),
  limit(
    "callTimeout",
    "milliseconds until the result of a call",
    "the call fails (`CallTimeoutError`); its method goes on",
    "calls that hang, as many as `maxPendingCalls` allows",
  ),
  limit(
    "maxMessageRate",
    "messages per second, on average; a session may catch up on ten idle seconds",
    ENDS,
    "the thread's time, shared with others by `turnBudget`",
  ),
  limit("maxByteRate", "UTF-16 code units per second, in the same way", ENDS, "bandwidth"),
  limit(
    "turnBudget",
    "milliseconds of messages until timers and other sessions have a turn",
    "other sessions go first; none ends",
    "{turnBudget} ms between two turns, under a flood of small calls",
  ),
];

/** The options of servers and of transports. */
export const OPTIONS: readonly Setting[] = [
  option(
    "origins",
    ['`"same-site"`', "–"],
    "pages that may connect or send batches",
    "403 (`AccessError`), before anything runs; the answer names the option",
    "programs other than browsers send any `Origin`",
  ),
  option(
    "hosts",
    ["every name", "–"],
    "host names of the server",
    "421 (`AccessError`), before anything runs",
    "DNS rebinding, unless it is set",
  ),
  option(
    "cors",
    ["none", "–"],
    "HTTP: pages of other origins that may read answers",
    "403",
    "nothing without it",
  ),
  option(
    "authorize",
    ["every request", "–"],
    "the application's decision",
    "403, or the status that it returns; 500 if it throws",
    "a connection, unless it is set",
  ),
  option(
    "authorizeTimeout",
    [constant("core/src/server/reception.ts", "DEFAULT_AUTHORIZE_TIMEOUT"), "–"],
    "milliseconds of `authorize`",
    "503",
    "a connection for this time",
  ),
  option(
    "openTimeout",
    [
      both(
        constant("core/src/server/reception.ts", "DEFAULT_OPEN_TIMEOUT"),
        constant(`${WT}open.ts`, "DEFAULT_OPEN_TIMEOUT"),
      ),
      both(
        constant(`${WS}liveness.ts`, "DEFAULT_OPEN_TIMEOUT"),
        constant(`${WT}open.ts`, "DEFAULT_OPEN_TIMEOUT"),
      ),
    ],
    "milliseconds from the request to the main object; at clients, until the connection is open",
    "closed with 1011 and the reason; at clients, calls fail",
    "a connection for this time",
  ),
  option(
    "maxSessions",
    [constant("core/src/server/admission.ts", "DEFAULT_MAX_SESSIONS"), "–"],
    "simultaneous sessions or batches",
    "503 (`AdmissionError`)",
    "{idleSessions} MB for 1,000 idle sessions in memory; {idleSockets} MB over WebSockets",
  ),
  option(
    "maxSessionsPerAddress",
    [constant("core/src/server/admission.ts", "DEFAULT_MAX_SESSIONS_PER_ADDRESS"), "–"],
    "the same for one address, or for one IPv6 network (64 bits)",
    "503 (`AdmissionError`)",
    "this number for each address or IPv6 network of the attacker; each session makes the thread read 64 KiB at a time, 1 to 4 ms for the smallest messages",
  ),
  option(
    "addressOf",
    ["the connection's", "–"],
    "WebSocket: the address of the client, behind a proxy",
    "–",
    "all clients share the proxy's address, unless it is set",
  ),
  option(
    "address",
    ["the connection's", "–"],
    "HTTP: the address of the client, behind a proxy",
    "–",
    "the same; a `Request` has no address, and isn't counted",
  ),
  option(
    "maxRequestRate",
    [constant(`${WT}node/server.ts`, "DEFAULT_MAX_REQUEST_RATE"), "–"],
    "WebTransport: requests per second of a connection; bursts of twice as many",
    "the connection is cut",
    "a millisecond of the thread for each",
  ),
  option(
    "maxPayload",
    [THREE_FRAMES, shown(3 * LIMIT_PROFILES.client.maxFrameSize)],
    "WebSocket: bytes of a message",
    "closed with 1009, before the message is read",
    "this memory for each session while a message arrives; not counted as held",
  ),
  option(
    "maxRequestSize",
    [THREE_FRAMES, "–"],
    "HTTP: bytes of a request's body",
    "413",
    "this memory for a body that never ends; counted by `maxProcessHeldBytes`",
  ),
  option(
    "maxResponseSize",
    [
      constant(`${HTTP}settings.ts`, "DEFAULT_MAX_RESPONSE_SIZE"),
      constant(`${HTTP}client.ts`, "DEFAULT_MAX_RESPONSE_SIZE"),
    ],
    "HTTP: bytes of a response",
    "507; at clients `HttpBatchError`, `TOO_LARGE`",
    "this memory; counted by `maxProcessHeldBytes`",
  ),
  option(
    "batchTimeout",
    [constant(`${HTTP}settings.ts`, "DEFAULT_BATCH_TIMEOUT"), "–"],
    "HTTP: milliseconds from the request's head to the response's end",
    "408 for a late request, 504 for calls; a client that doesn't read is disconnected",
    "a batch for this time",
  ),
  option(
    "maxBufferedAmount",
    [
      constant(`${WS}server-options.ts`, "SERVER_MAX_BUFFERED_AMOUNT"),
      constant(`${WS}push-transport.ts`, "DEFAULT_MAX_BUFFERED_AMOUNT"),
    ],
    "unsent bytes, besides the largest message",
    "the session ends with the next message, and the connection is cut",
    "this memory for each session, and its largest answer; neither is counted as held",
  ),
  option(
    "highWaterMark",
    [
      constant(`${WS}push-transport.ts`, "DEFAULT_HIGH_WATER_MARK"),
      constant(`${WS}push-transport.ts`, "DEFAULT_HIGH_WATER_MARK"),
    ],
    "unsent bytes",
    "streams hold back",
    "–",
  ),
  option(
    "keepAlive",
    [
      both(
        `${constant(`${WS}keep-alive.ts`, "DEFAULT_INTERVAL")}, ${constant(`${WS}keep-alive.ts`, "DEFAULT_TIMEOUT")}`,
        `${constant(`${WT}keep-alive.ts`, "DEFAULT_INTERVAL")}, ${constant(`${WT}keep-alive.ts`, "DEFAULT_TIMEOUT")}`,
      ),
      "off; WebTransport as at servers",
    ],
    "milliseconds of silence until a ping (`interval`), and from then on until the end (`timeout`)",
    "the session ends; a peer that still reads is told why",
    "a session for as long as the peer answers pings",
  ),
  option(
    "idleTimeout",
    ["none", "none"],
    "milliseconds without a message, in either direction",
    "the session ends; the peer is told why",
    "a session of any duration, unless it is set",
  ),
  option(
    "onLimit",
    ["none", "none"],
    "receives a `LimitError` for each session or batch that a limit ends",
    "–",
    "–",
  ),
  option(
    "onError",
    ["`console.error`", "`console.error`"],
    "receives refusals, and errors that have no caller",
    "–",
    "–",
  ),
  option(
    "onSendError",
    ["none", "none"],
    "sees each error before it is sent, and may replace it",
    "–",
    "texts of errors, unless it is set",
  ),
];
