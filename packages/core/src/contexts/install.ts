/**
 * Gives contexts to this program's sessions and calls. Everything that uses contexts imports it,
 * and so do servers. A bundle without them stays small, and its sessions don't announce the
 * extension.
 */
import { contentOf } from "@capnweb/wire/internal";
import { readContext } from "../call-context/received.ts";
import { RUNNING_CALLS } from "../call-context/running-call.ts";
import { installSupport } from "../call-context/support.ts";
import { DeadlineError } from "../errors.ts";
import { installBeginScoped } from "../local/begin-scoped.ts";
import { installContexts } from "../session/contexts.ts";
import { knowErrorClass } from "../session/library-errors.ts";
import { ContextualOutgoing } from "./contextual-outgoing.ts";
import { beginScoped } from "./scoped-result.ts";

installSupport(RUNNING_CALLS);
installBeginScoped(beginScoped);
installContexts({
  outgoing: (host, transport, options) => new ContextualOutgoing(host, transport, options),

  hear(said, host) {
    const { features, others } = contentOf(said) ?? {};
    if (features?.includes("context")) (host.outgoing as ContextualOutgoing).tellContexts();
    const { context, cancel } = others ?? {};
    if (context !== undefined) host.received = readContext(context, host.limits);
    // The call is still answered.
    if (typeof cancel === "number") host.exports.entry(cancel)?.answer?.released?.dispose();
  },
});
knowErrorClass(DeadlineError);
