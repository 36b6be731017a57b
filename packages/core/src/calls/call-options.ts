import "../contexts/install.ts";
import type { CallOptions } from "../call-context/call-options.ts";
import { CallSettings } from "../call-context/settings.ts";
import { runtime } from "../default-runtime.ts";
import { MapError } from "../errors.ts";
import { currentRecorder } from "../map/ambient.ts";
import { handleIfStub } from "../model/handle.ts";
import type { StubHook } from "../model/hook.ts";
import { OptionsHook } from "./options-hook.ts";

/**
 * Gives a stub options for the calls that are made on it, and for everything that is pipelined from
 * these. The original stays unchanged.
 *
 * Options of a stub that has options are merged: the shorter `timeout` counts, each `signal`
 * cancels, and metadata is combined. Options take precedence over those of the session (its option
 * `call`), even with a longer timeout. They stay on this side: a peer that receives the stub gets
 * the reference alone.
 *
 * @typeParam S the stub's type, or that of a promise of a call; the result has the same
 * @param stub stays the caller's
 * @param options the options
 * @returns a stub of the same reference. It works until it is disposed of itself, like a `dup()`
 * @throws TypeError for a value that isn't a stub, for an unknown option, and for options of a
 *   wrong type
 * @throws LimitError for metadata of more than 16,384 code units
 * @throws MapError in a `map()` callback, which can't record options
 *
 * @example
 * ```ts
 * const quick = callOptions(api, { timeout: 500, metadata: { tenant: "a" } });
 * try {
 *   const names = await quick.users().map((user) => user.name);
 * } catch (error) {
 *   if (error instanceof DeadlineError) showBusy();
 * }
 * ```
 */
export function callOptions<S>(stub: S, options: CallOptions): S {
  const handle = handleIfStub(stub);
  if (!handle) throw new TypeError("callOptions() takes a stub, or the promise of a call.");
  if (currentRecorder()) {
    throw new MapError(
      "callOptions() can't be recorded in a map() callback. Give the stub options before map().",
    );
  }
  const { hook, path } = handle;
  const settings = new CallSettings(options, settingsOf(hook));
  const optioned = new OptionsHook(plain(hook).dup(), settings);
  if (!runtime.isPromise(stub)) return runtime.makeStub(optioned) as S;
  // The promise of a property stays one, so that nothing is fetched.
  const owns = path.length === 0 ? undefined : "owns";
  return runtime.makePromise(optioned, owns && path, owns) as S;
}

function plain(hook: StubHook): StubHook {
  return hook instanceof OptionsHook ? hook.inner : hook;
}

function settingsOf(hook: StubHook): CallSettings | undefined {
  return hook instanceof OptionsHook ? hook.settings : undefined;
}
