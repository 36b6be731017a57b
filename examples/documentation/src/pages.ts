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

/** The pages whose code is run. */
export const PAGES: readonly Page[] = [
  {
    path: "README.md",
    // The last block continues with the client's imports.
    prelude: (block) => (block === 2 ? `import type { Api } from "./README-md-0.ts";\n` : ""),
  },
  { path: "docs/guide.md", prelude: () => GUIDE },
  { path: "docs/calls.md" },
  { path: "docs/interceptors.md", prelude: (block) => (block === 0 ? "" : INTERCEPTORS) },
  { path: "docs/threat-model.md", prelude: () => THREAT_MODEL },
  { path: "packages/wire/README.md" },
  { path: "packages/core/README.md" },
  { path: "packages/compat/README.md" },
  { path: "packages/transport-http/README.md" },
  { path: "packages/transport-ws/README.md" },
  { path: "packages/transport-messageport/README.md" },
  { path: "packages/transport-webtransport/README.md" },
  {
    path: "docs/webtransport.md",
    prelude: (block) => WEBTRANSPORT + WEBTRANSPORT_BLOCKS[block],
  },
  { path: "packages/testkit/README.md", prelude: (block) => TESTKIT_BLOCKS[block]! },
];
