import type { Page } from "./programs.ts";

const GUIDE = `
import type { RpcSessionOptions } from "@capnweb/core";
import { breakStub, RpcError, RpcStub, RpcTarget } from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws";
import { attachWebSocketRpc } from "@capnweb/transport-ws/node";
class Photo extends RpcTarget {}
class Album extends RpcTarget { photo(id: number) { return new Photo(); } }
class User extends RpcTarget {
  name = "";
  album(name: string) { return new Album(); }
  friends() { return [1]; }
}
declare const api: RpcStub<{
  authenticate(token: string): User;
  share(photo: Photo, friends: number[]): void;
  userIds(): number[];
  user(id: number): { name: string };
}>;
declare const token: string;
declare const socket: WebSocket;
declare function log(error: Error): void;
declare const server: import("node:http").Server;
declare function count(name: string): void;
class PublicError extends Error {}
class Api extends RpcTarget {}
`;

const THREAT_MODEL = `
import { RpcTarget } from "@capnweb/core";
declare const notes: Map<string, string>;
`;

const TESTKIT = `
declare function startServer(createMain: () => unknown): Promise<any>;
declare function connect(url: string, main: unknown): any;
`;

/** The declarations that the blocks of the testkit's README leave to the reader. */
const TESTKIT_BLOCKS = [
  "",
  "",
  TESTKIT,
  `
declare const setup: import("@capnweb/testkit").TransportSetup["setup"];
declare function test(name: string, run: () => Promise<void>, timeout: number): void;
`,
];

const WEBTRANSPORT = `
import { type RpcStub, RpcTarget } from "@capnweb/core";
class Api extends RpcTarget {
  constructor(_user?: { name: string }, _client?: RpcStub<any>) { super(); }
}
`;

/** The declarations that the blocks of docs/webtransport.md leave to the reader. */
const WEBTRANSPORT_BLOCKS = [
  "",
  `import { newWebTransportRpcSession } from "@capnweb/transport-webtransport";
declare const bytes: number[];
`,
  `import { readFileSync } from "node:fs";
import { serveWebTransportRpc } from "@capnweb/transport-webtransport/node";
declare function onRenewal(renew: () => void): void;
`,
  `import { serveWebTransportRpc } from "@capnweb/transport-webtransport/node";
declare const cert: string;
declare const privKey: string;
declare function userOf(token: string | null): Promise<{ name: string } | undefined>;
`,
];

/** Stands before the blocks of docs/interceptors.md that leave something to the reader. */
const INTERCEPTORS = `
function count(name: string) {
  console.log(name);
}
`;

/** Stands before the second block of the README of durable. */
const DURABLE_README = `
import type { Durable } from "@capnweb/durable";
class Room extends RpcTarget { title() { return ""; } }
class Api extends RpcTarget {
  login(password: string) { return { room: (name: string) => new Room() }; }
}
declare const durable: Durable;
`;

/** Stands before the blocks of docs/durable.md. */
const DURABLE = [
  `
declare function membersOf(id: string): Promise<string[]>;
`,
  `
import type { RpcTarget } from "@capnweb/core";
import { Durable, type DurableClass, KeyRing } from "@capnweb/durable";
import { openSqliteStore } from "@capnweb/durable/sqlite";
declare const Room: DurableClass<{ name: string }> & (new () => RpcTarget);
type Room = RpcTarget;
declare const room: Room;
declare const secret: string;
`,
  `
import { SqliteRevocationStore } from "@capnweb/durable/sqlite";
declare const state: {
  storage: { sql: { exec(query: string, ...values: any[]): { toArray(): unknown[] } } };
};
`,
];

/** The declarations that clients' blocks of docs/reconnect.md leave to the reader. */
const RECONNECT_CLIENT = `
import type { RpcTarget } from "@capnweb/core";
import { type Connection, connect } from "@capnweb/reconnect";
import { webSocketTransport } from "@capnweb/transport-ws";
interface Room { say(text: string): void; listen(listener: unknown): void }
interface Api { login(password: string): { room(name: string): Room } }
declare const Client: new () => RpcTarget;
declare const url: string;
declare const password: string;
declare const token: string;
declare function show(text: string): void;
`;

/** Stands before the second block of docs/resume.md. */
const RESUME_HIBERNATION = `
import { RpcSession, RpcTarget } from "@capnweb/core";
import type { ResumeAcceptor } from "@capnweb/resume";
import { WebSocketPushTransport } from "@capnweb/transport-ws";
class Api extends RpcTarget {}
declare const acceptor: ResumeAcceptor;
declare const socket: WebSocket & {
  deserializeAttachment(): any;
  serializeAttachment(attachment: unknown): void;
};
`;

/** The globals of other runtimes, and a main object. */
const RUNTIMES = `
import { RpcTarget } from "@capnweb/core";
class Api extends RpcTarget {}
type Handler = (request: Request, info: { remoteAddr: { hostname: string } }) => Promise<Response>;
declare const Deno: {
  serve(handler: Handler): unknown;
  serve(options: { port: number }, handler: Handler): unknown;
};
declare const Bun: {
  serve(options: {
    port: number;
    fetch(
      request: Request,
      server: { upgrade(request: Request, options?: { data?: unknown }): boolean },
    ): Promise<Response | undefined>;
    websocket: { open(ws: { send(data: string): number; close(): void }): void };
  }): unknown;
};
`;

/** Stands before the blocks of docs/reconnect.md. */
const RECONNECT = [
  "",
  RECONNECT_CLIENT,
  `${RECONNECT_CLIENT}declare const connection: Connection<Api>;
declare const Listener: new () => RpcTarget;
`,
  "",
  `${RECONNECT_CLIENT}declare const connection: Connection<Api>;\n`,
  `${RECONNECT_CLIENT}
declare const AppState: { addEventListener(type: "change", listener: (state: string) => void): void };
declare const NetInfo: { addEventListener(listener: () => void): void };
`,
  `
import { createServer } from "node:http";
import { RpcTarget } from "@capnweb/core";
import { Durable, type DurableClass, type KeyRing, offerDurable } from "@capnweb/durable";
import { attachHost, closeOnSignals, RpcHost } from "@capnweb/host/node";
class Api extends RpcTarget {}
declare const Room: DurableClass;
declare const keys: KeyRing;
`,
  "",
  RECONNECT_CLIENT,
];

/** The pages whose code is run. */
export const PAGES: readonly Page[] = [
  { path: "README.md" },
  ...[
    "concepts",
    "errors",
    "extending",
    "map",
    "ownership",
    "pipelining",
    "security",
    "streams",
  ].map((name) => ({ path: `docs/guide/${name}.md`, prelude: () => GUIDE })),
  { path: "docs/calls.md" },
  { path: "docs/reconnect.md", prelude: (block) => RECONNECT[block]! },
  { path: "docs/resume.md", prelude: (block) => (block === 1 ? RESUME_HIBERNATION : "") },
  { path: "docs/interceptors.md", prelude: (block) => (block === 0 ? "" : INTERCEPTORS) },
  { path: "docs/durable.md", prelude: (block) => DURABLE[block]! },
  { path: "docs/observe.md" },
  { path: "docs/threat-model.md", prelude: () => THREAT_MODEL },
  { path: "packages/wire/README.md" },
  { path: "packages/core/README.md" },
  { path: "packages/compat/README.md" },
  { path: "packages/transport-http/README.md" },
  {
    path: "packages/transport-ws/README.md",
    prelude: (block) =>
      block === 2
        ? `import { newWebSocketRpcHandler } from "@capnweb/transport-ws";\n${RUNTIMES}`
        : "",
  },
  { path: "packages/transport-messageport/README.md" },
  { path: "packages/host/README.md" },
  { path: "docs/host.md", prelude: (block) => (block === 0 ? "" : RUNTIMES) },
  { path: "docs/batched.md" },
  { path: "docs/plans.md" },
  { path: "packages/transport-webtransport/README.md" },
  { path: "packages/reconnect/README.md" },
  { path: "packages/observe/README.md" },
  { path: "packages/plan/README.md" },
  { path: "packages/resume/README.md" },
  {
    path: "packages/durable/README.md",
    prelude: (block) => (block === 1 ? DURABLE_README : ""),
  },
  {
    path: "docs/webtransport.md",
    prelude: (block) => WEBTRANSPORT + WEBTRANSPORT_BLOCKS[block],
  },
  { path: "packages/inspector/README.md" },
  { path: "docs/inspector.md" },
  { path: "packages/testkit/README.md", prelude: (block) => TESTKIT_BLOCKS[block]! },
  { path: "docs/conformance.md" },
];
