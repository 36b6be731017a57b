import { isSwallowed, type Problem } from "../../model/index.ts";
import { clock } from "../format.ts";
import { Badge, Hint, Pane } from "../parts.tsx";
import { matches, type ViewProps } from "../view.ts";
import { VirtualList } from "../virtual-list.tsx";
import { CallPane } from "./call-pane.tsx";

/** Failed calls, ended sessions and messages that couldn't be read. */
export function ErrorsView(props: ViewProps) {
  const { model, session, filter, now, selected, select, connection } = props;
  const items: Problem[] = [];
  for (const problem of model.problems) {
    if (session !== undefined && problem.session !== session) continue;
    const { failure, call } = problem;
    if (matches(filter, failure.name, failure.message, call?.name)) items.push(problem);
  }
  const swallowed = (problem: Problem) => problem.call && isSwallowed(problem.call, now);
  items.sort((a, b) => Number(swallowed(b) ?? 0) - Number(swallowed(a) ?? 0) || a.at - b.at);
  const item = items.find(({ key }) => key === selected);
  const unasked = [...model.calls].filter(
    ({ state, pulledAt, pipelined }) =>
      state === "dropped" && pulledAt === undefined && pipelined === 0,
  ).length;
  const isProxy = connection.description?.way === "proxy";
  return (
    <div class="stack">
      {unasked > 0 && (
        <p class="note">
          The results of {unasked} calls were given up before anything asked for them.
          {isProxy
            ? " Their failures don't travel: only the route of a server records them."
            : " Those that failed are marked as swallowed."}
        </p>
      )}
      <div class="split">
        <VirtualList<Problem>
          label="Errors"
          columns="errors"
          items={items}
          keyOf={({ key }) => key}
          selected={selected}
          onSelect={(each) => select(each?.key)}
          head={
            <>
              <span>time</span>
              <span>where</span>
              <span>error</span>
              <span />
            </>
          }
          row={(problem) => (
            <>
              <span class="dim time">{clock(problem.at)}</span>
              <span class="name">{problem.call?.name ?? `session ${problem.session}`}</span>
              <span class="name">
                <span class="failed">{problem.failure.name}</span> {problem.failure.message}
              </span>
              <span>{swallowed(problem) && <Badge tone="bad">swallowed</Badge>}</span>
            </>
          )}
          empty={
            <Hint title="No errors">
              Calls that fail appear here, and so do sessions that end with an error, and errors
              that no caller asked about.
            </Hint>
          }
        />
        {item?.call && <CallPane {...props} call={item.call} />}
        {item && !item.call && (
          <Pane title={item.failure.name} onClose={() => select(undefined)}>
            <pre class="code bad">{item.failure.message}</pre>
          </Pane>
        )}
      </div>
    </div>
  );
}
