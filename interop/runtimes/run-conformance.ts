import * as compat from "@capnweb/compat";
import { type Implementation, runScenarios } from "@capnweb/testkit";

/** Runs in each runtime: every scenario of the conformance server at a URL. */
export async function runConformance(url: string): Promise<string> {
  await runScenarios(url, {
    implementation: compat as unknown as Implementation,
    connect: (session) => compat.newWebSocketRpcSession(session),
    quiet: 20,
  });
  return "done";
}
