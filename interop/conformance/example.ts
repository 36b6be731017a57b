import { formatReport, type RunInfo } from "@capnweb/testkit/conformance";
import { runServer, type Scenarios } from "../src/conformance-runs.ts";
import { RELEASES } from "../src/releases.ts";

/** The implementation of the example: a release that lacks features which came later. */
const RUN: RunInfo = {
  implementation: "capnweb 0.4",
  side: "server",
  medium: "HTTP batch",
  kit: "of this commit",
};

/** Runs the basic scenarios with an old release of the reference, and reports as HTML. */
export async function exampleReport(scenarios: Scenarios): Promise<string> {
  const release = RELEASES.get("0.4")!;
  // This release answers neither of the two, so that each failure takes a whole timeout.
  const selection = { only: ["VAL-*", "ERR-*"], exclude: ["value-invalid-date", "value-url"] };
  const results = await runServer(release, "HTTP batch", scenarios, selection);
  return formatReport(results, "html", RUN);
}
