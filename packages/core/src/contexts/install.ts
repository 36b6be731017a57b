/**
 * Gives contexts to this program's sessions and calls. Everything that uses contexts imports it,
 * and so do servers. A bundle without them stays small, and its sessions don't announce the
 * extension.
 */
import { RUNNING_CALLS } from "../call-context/running-call.ts";
import { installSupport } from "../call-context/support.ts";
import { DeadlineError } from "../errors.ts";
import { installScopedResults } from "../local/scoped-results.ts";
import { installContexts } from "../session/contexts.ts";
import { knowErrorClass } from "../session/library-errors.ts";
import { ContextualOutgoing } from "./contextual-outgoing.ts";
import { beginScoped, takeTie } from "./scoped-result.ts";

installSupport(RUNNING_CALLS);
installScopedResults({ begin: beginScoped, take: takeTie });
installContexts({
  outgoing: (host, transport, options) => new ContextualOutgoing(host, transport, options),

  hear({ features, members }, host) {
    const outgoing = host.outgoing as ContextualOutgoing;
    if (features?.includes("context")) outgoing.tellContexts();
    const { context, cancel } = members;
    if (context !== undefined) outgoing.heard.receive(context);
    // It is answered even so.
    if (typeof cancel === "number") host.exports.entry(cancel)?.answer?.released?.dispose();
  },
});
knowErrorClass(DeadlineError);
