// Logs errors of the library as applications do, and ends with one that nothing handles.

import { RpcStub } from "../../src/index.ts";
import { GoingAwayError } from "../../src/server/index.ts";
import { pair } from "../support/pair.ts";

// The stack of such an error is sent, because it was made for the peer.
const { api, serverEnd } = pair(() => {}, {
  server: { onSendError: () => new GoingAwayError("for the peer") },
});
await (api as any).missing().catch(() => {});
console.log(JSON.stringify(serverEnd.frames));

const gone = new RpcStub(() => {});
gone[Symbol.dispose]();
await gone().catch((error: Error) => {
  console.log(error.message);
  console.error(error);
});
await gone();
