import { parseBriefly } from "@capnweb/wire/internal";
import type { RuntimeParts } from "../assembled-runtime.ts";
import { ErrorHook, type StubHook } from "../model/hook.ts";
import type { Watched } from "../model/pipe-hook.ts";
import type { SessionServices } from "../session/services.ts";
import { missing, refuse } from "./missing-component.ts";
import { negotiateNothing } from "./no-extensions.ts";
import { accountNothing } from "./no-memory-limits.ts";

/** A pipe of a peer. It learns at once that nothing reads it. */
class RefusedPipe extends ErrorHook implements Watched {
  get onFailure(): undefined {
    return undefined;
  }

  set onFailure(callback: ((error: unknown) => void) | undefined) {
    callback?.(this.error);
  }
}

/** The parts of a runtime without any component. */
export const MISSING_PARTS: Omit<RuntimeParts, "types"> = {
  streams: {
    pipe: () => new RefusedPipe(missing("A pipe", "streams")),
    writer: () => refuse("A WritableStream", "streams"),
    pump: () => refuse("A ReadableStream", "streams"),
    // A stream of this process, in a call that doesn't leave it.
    hold: () => ({ dispose() {} }),
  },
  maps: {
    record: () => refuse("map()", "maps"),
    apply(_runtime, input, captures): StubHook {
      const failure = new ErrorHook(missing("map()", "maps"));
      for (const capture of captures) capture.dispose();
      if ("dispose" in input) input.dispose();
      return failure;
    },
  },
};

/** The services of sessions without any component. */
export const MISSING_SERVICES: SessionServices = {
  negotiation: negotiateNothing,
  framing: undefined,
  documentWriter: undefined,
  safetyNet(_imports, _transport, option) {
    if (option) refuse("releaseForgotten", "forgottenStubs");
    return undefined;
  },
  account: accountNothing,
  parse: parseBriefly,
  withPlace: (error) => error,
};
