import { type Call, isSwallowed } from "../../model/index.ts";
import { clock, duration } from "../format.ts";
import { Badge, CallName, Facts, Pane, Stack, State } from "../parts.tsx";
import type { ViewProps } from "../view.ts";

/** The details of a call. */
export function CallPane({ call, now, select, go }: ViewProps & { readonly call: Call }) {
  const link = (to: Call) => (
    <button type="button" class="link" onClick={() => go("calls", to.key)}>
      #{to.id} {to.name}
    </button>
  );
  const { failure, waste, waitsFor, on } = call;
  const swallowed = isSwallowed(call, now);
  return (
    <Pane title={<CallName call={call} />} onClose={() => select(undefined)}>
      {waste && (
        <p class="advice">
          <Badge tone="warn">wasted round trip</Badge> It left {duration(waste.gap)} after the
          answer to {link(waste.of)}, and uses{" "}
          {waste.uses === "capability" ? "the capability" : "a value"} in it.{" "}
          {waste.uses === "capability"
            ? "Call the method on the promise, without the await before it."
            : "Pass the promise, or a property of it, in place of the value."}
        </p>
      )}
      {swallowed && (
        <p class="advice bad">
          <Badge tone="bad">swallowed</Badge> The call failed, and its caller never asked for the
          result. Await it, or add a catch().
        </p>
      )}
      <Facts
        facts={[
          ["state", <State call={call} isSwallowed={swallowed} />],
          ["made by", call.by],
          ["session", call.session],
          ["result id", `#${call.id}`],
          ["left as", call.isStreamed ? "stream, result asked for" : "push"],
          ["round trip", call.trip],
          ["sent", clock(call.sentAt)],
          [
            "asked for",
            !call.isStreamed && call.pulledAt && `+${duration(call.pulledAt - call.sentAt)}`,
          ],
          ["answered", call.answeredAt && `+${duration(call.answeredAt - call.sentAt)}`],
          ["given up", call.releasedAt && `+${duration(call.releasedAt - call.sentAt)}`],
          ["waited for", waitsFor.length > 0 && <>{waitsFor.map(link)}</>],
          [
            "made on",
            on && (
              <button type="button" class="link" onClick={() => go("capabilities", on.key)}>
                capability {on.id} {on.label}
              </button>
            ),
          ],
          ["used before its answer", call.pipelined > 0 && `by ${call.pipelined} calls`],
        ].map(([name, value]) => [name, value || undefined] as [string, any])}
      />
      {call.args && (
        <>
          <h3>Arguments</h3>
          <pre class="code">{call.args}</pre>
        </>
      )}
      {failure && (
        <>
          <h3>Error</h3>
          <pre class="code bad">
            {failure.name}: {failure.message}
          </pre>
        </>
      )}
      {!failure && call.result !== undefined && (
        <>
          <h3>Result</h3>
          <pre class="code">{call.result}</pre>
        </>
      )}
      <Stack title="Called at" stack={call.stack} />
    </Pane>
  );
}
