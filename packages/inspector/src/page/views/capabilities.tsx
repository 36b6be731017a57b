import { useMemo, useState } from "preact/hooks";
import type { Capability } from "../../model/index.ts";
import { clock, count, duration } from "../format.ts";
import { Badge, Facts, Hint, Pane, Stack } from "../parts.tsx";
import { matches, type ViewProps } from "../view.ts";
import { VirtualList } from "../virtual-list.tsx";

/** Capabilities that are held, oldest first. */
export function CapabilitiesView(props: ViewProps) {
  const { model, session, filter, now, selected, select, go } = props;
  const [hasMains, setHasMains] = useState(false);
  const held = model
    .held()
    .filter(
      (each) =>
        (session === undefined || each.session === session) &&
        (hasMains || each.kind !== "main") &&
        matches(filter, each.label, each.kind, originOf(each)),
    )
    .sort((a, b) => a.since - b.since || a.key - b.key);
  const groups = useMemo(() => groupsOf(held), [held]);
  const item = held.find(({ key }) => key === selected);
  return (
    <div class="stack">
      <div class="summary">
        {groups.slice(0, 3).map(({ origin, number, oldest }) => (
          <div class="card" key={origin}>
            <strong>{count(number, "capability", "capabilities")}</strong>
            <span>from {origin}</span>
            <span class="dim">the oldest for {duration(now - oldest)}</span>
          </div>
        ))}
        <label class="check">
          <input
            type="checkbox"
            checked={hasMains}
            onChange={(event) => setHasMains(event.currentTarget.checked)}
          />
          main objects
        </label>
      </div>
      <div class="split">
        <VirtualList<Capability>
          label="Capabilities by age"
          columns="capabilities"
          items={held}
          keyOf={({ key }) => key}
          selected={selected}
          onSelect={(each) => select(each?.key)}
          head={
            <>
              <span class="num">held for</span>
              <span>capability</span>
              <span>held by</span>
              <span>handed over by</span>
              <span class="num">uses</span>
              <span class="num">references</span>
            </>
          }
          row={(each) => (
            <>
              <span class="num">{duration(now - each.since)}</span>
              <span class="name">
                {each.label ?? each.kind}{" "}
                <span class="dim">{each.kind === "result" ? `#${each.id}` : each.id}</span>
              </span>
              <span class={`by ${holderOf(each)}`}>{holderOf(each)}</span>
              <span class="name">
                {originOf(each)}{" "}
                <span class="dim">{each.how === "argument" && "as an argument"}</span>
              </span>
              <span class="num">{each.uses}</span>
              <span class="num">{each.count}</span>
            </>
          )}
          empty={
            <Hint title="Nothing is held">
              Stubs, promises and results that one side holds of the other appear here, the oldest
              first. One that stays is a leak: its holder forgot to dispose of it.
            </Hint>
          }
        />
        {item && (
          <Pane title={item.label ?? `${item.kind} ${item.id}`} onClose={() => select(undefined)}>
            {now - item.since > 60_000 && item.uses === 0 && item.kind !== "main" && (
              <p class="advice">
                <Badge tone="warn">never used</Badge> It is held for {duration(now - item.since)}.
                If nothing needs it any more, dispose of it: <code>using stub = …</code>, or{" "}
                <code>stub[Symbol.dispose]()</code>.
              </p>
            )}
            <Facts
              facts={[
                ["kind", item.kind],
                ["id", item.id],
                ["session", item.session],
                ["object of", item.owner],
                ["held by", holderOf(item)],
                ["since", clock(item.since)],
                ["references", item.count],
                ["uses", item.uses],
                ["last used", item.usedAt && `${duration(now - item.usedAt)} ago`],
                [
                  "handed over by",
                  item.from && (
                    <button type="button" class="link" onClick={() => go("calls", item.from!.key)}>
                      #{item.from.id} {originOf(item)}
                    </button>
                  ),
                ],
              ]}
            />
            <Stack title="Created at" stack={item.stack} />
            {!item.stack && item.from?.stack && <Stack title="Called at" stack={item.from.stack} />}
          </Pane>
        )}
      </div>
    </div>
  );
}

function holderOf({ owner }: Capability): "client" | "server" {
  return owner === "client" ? "server" : "client";
}

function originOf({ from, kind }: Capability): string {
  if (!from) return kind === "main" ? "the start" : "an earlier message";
  const owner = from.target && from.target !== "Object" ? `${from.target}.` : "";
  return `${owner}${from.name}`;
}

/** The capabilities by the method that handed them over, the most first. */
function groupsOf(held: readonly Capability[]) {
  const groups = new Map<string, { origin: string; number: number; oldest: number }>();
  for (const each of held) {
    if (each.kind === "main") continue;
    const origin = originOf(each);
    const group = groups.get(origin);
    if (group) group.number++;
    else groups.set(origin, { origin, number: 1, oldest: each.since });
  }
  return [...groups.values()].sort((a, b) => b.number - a.number);
}
