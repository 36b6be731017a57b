import { createBirpc } from "birpc";
import { channelOf } from "../../src/participant/channel.ts";

/** Answers the driver's calls in a process that it started, until it disconnects. */
export function serveDriver(functions: object): void {
  createBirpc<object, object>(functions, { ...channelOf(process), bind: "functions" });
  process.on("disconnect", () => process.exit());
}
