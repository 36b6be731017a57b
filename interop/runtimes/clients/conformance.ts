// Runs in each runtime: every scenario of the conformance server at the URL given.
import * as compat from "@capnweb/compat";
import { type Implementation, runScenarios } from "@capnweb/testkit";
import { argument } from "./argument.ts";

await runScenarios(await argument(), {
  implementation: compat as unknown as Implementation,
  connect: (url) => compat.newWebSocketRpcSession(url),
  quiet: 20,
});
console.log("done");
