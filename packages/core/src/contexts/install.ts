/**
 * Gives contexts to this program's sessions and calls. Everything that uses contexts imports it,
 * and so do servers. A bundle without them stays small, and its sessions don't announce the
 * extension.
 */
import { contentOf } from "@capnweb/wire/internal";
import type { Carried } from "../call-context/carried.ts";
import { readContext } from "../call-context/received.ts";
import { RUNNING_CALLS } from "../call-context/running-call.ts";
import { installSupport } from "../call-context/support.ts";
import { DeadlineError } from "../errors.ts";
import { installBeginScoped } from "../local/begin-scoped.ts";
import { type ContextHost, installContexts } from "../session/contexts.ts";
import { knowErrorClass } from "../session/library-errors.ts";
import { ContextualOutgoing } from "./contextual-outgoing.ts";
import { beginScoped } from "./scoped-result.ts";

/** The calls of the peer have a context from now on, which is held for it. */
function receive(carried: Carried | undefined, host: ContextHost): void {
  const before = host.received;
  host.received = carried;
  host.held.remove(before?.bytes ?? 0);
  host.held.add(carried?.bytes ?? 0);
}

installSupport(RUNNING_CALLS);
installBeginScoped(beginScoped);
installContexts({
  outgoing: (host, transport, options) => new ContextualOutgoing(host, transport, options),

  hear(said, host) {
    const { features, others } = contentOf(said) ?? {};
    if (features?.includes("context")) (host.outgoing as ContextualOutgoing).tellContexts();
    const { context, cancel } = others ?? {};
    if (context !== undefined) receive(readContext(context, host.limits), host);
    // It is answered even so.
    if (typeof cancel === "number") host.exports.entry(cancel)?.answer?.released?.dispose();
  },
});
knowErrorClass(DeadlineError);
