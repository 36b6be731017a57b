import type { DiagnosticsChannel } from "./channel.ts";
import { ownChannels } from "./own-channels.ts";

interface Runtime {
  readonly process?: { getBuiltinModule?(name: string): unknown };
}

/**
 * The runtime's channels, or our own where it has none. Asked for by name at run time, because
 * bundlers for browsers can't resolve an import of the module.
 */
export function runtimeChannels(runtime: Runtime = globalThis as Runtime): DiagnosticsChannel {
  try {
    const name = "node:diagnostics_channel";
    const found = runtime.process?.getBuiltinModule?.(name) as Partial<DiagnosticsChannel>;
    const probe = found?.tracingChannel?.("capnweb:probe");
    if (typeof probe?.start.runStores === "function") return found as DiagnosticsChannel;
  } catch {
    // A `process` that a bundler made up.
  }
  return ownChannels;
}
