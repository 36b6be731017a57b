import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Call, isSwallowed, type Side } from "../../model/index.ts";
import { count, duration } from "../format.ts";
import { Badge, Hint } from "../parts.tsx";
import { type Edge, layoutOf, NODE, type Node } from "../pipeline-layout.ts";
import { matches, type ViewProps } from "../view.ts";
import { CallPane } from "./call-pane.tsx";

/** Most calls of a session that are drawn: the latest. */
const MOST_CALLS = 5_000;

/** Round trips, the calls in each, and the calls that waited for others. */
export function PipelineView(props: ViewProps) {
  const { model, filter, now, selected, select } = props;
  const [side, setSide] = useState<Side>("client");
  const session = props.session ?? latestSession(model, selected);
  const calls = useMemo(() => {
    const own = [...model.calls].filter(
      (call) => call.session === session && matches(filter, call.name),
    );
    return own.slice(-MOST_CALLS);
  }, [model.calls.end, session, filter, now]);
  const layout = useMemo(() => layoutOf(calls, side), [calls, side]);
  const wasted = calls.filter((call) => call.waste && call.by === side);
  const call = layout.nodes.get(Number(selected))?.call;

  return (
    <div class="stack">
      <div class="summary">
        <div class="orders" role="group" aria-label="Side">
          {(["client", "server"] as const).map((each) => (
            <button
              type="button"
              key={each}
              class="chip"
              aria-pressed={side === each}
              onClick={() => setSide(each)}
            >
              calls of the {each}
            </button>
          ))}
        </div>
        {session !== undefined && (
          <span class="dim">
            session {session}: {count(layout.bands.length, "round trip")},{" "}
            {count(layout.nodes.size, "call")}
          </span>
        )}
        {wasted.length > 0 && <Wasted calls={wasted} select={select} />}
      </div>
      <div class="split">
        {layout.bands.length === 0 ? (
          <Hint title="No round trips yet">
            Calls that left before an answer came share a round trip, and stand in one band. A call
            that uses a result before it has arrived stands to the right of that result.
          </Hint>
        ) : (
          <Graph layout={layout} now={now} selected={call} select={select} />
        )}
        {call && <CallPane {...props} call={call} />}
      </div>
    </div>
  );
}

/** The session of the selected call, or the one with the latest call. */
function latestSession(model: ViewProps["model"], selected: ViewProps["selected"]) {
  let latest: Call | undefined;
  for (const call of model.calls) {
    if (call.key === selected) return call.session;
    latest = call;
  }
  return latest?.session;
}

function Wasted({
  calls,
  select,
}: {
  readonly calls: readonly Call[];
  readonly select: ViewProps["select"];
}) {
  const pairs = new Map<string, { number: number; call: Call }>();
  for (const call of calls) {
    const name = `${call.waste!.of.name} → ${call.name}`;
    const pair = pairs.get(name);
    if (pair) pair.number++;
    else pairs.set(name, { number: 1, call });
  }
  return (
    <div class="wastes">
      <Badge tone="warn">{count(calls.length, "wasted round trip")}</Badge>
      {[...pairs].slice(0, 4).map(([name, { number, call }]) => (
        <button type="button" class="chip" key={name} onClick={() => select(call.key)}>
          {name}
          {number > 1 && ` ×${number}`}
        </button>
      ))}
    </div>
  );
}

function Graph(props: {
  readonly layout: ReturnType<typeof layoutOf>;
  readonly now: number;
  readonly selected: Call | undefined;
  readonly select: ViewProps["select"];
}) {
  const { layout, now, selected, select } = props;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ left: 0, width: 1_200 });
  const isAtEnd = useRef(true);
  const measure = () => {
    const { scrollLeft, clientWidth, scrollWidth } = box.current!;
    isAtEnd.current = scrollLeft + clientWidth >= scrollWidth - 40;
    setView({ left: scrollLeft, width: clientWidth });
  };
  useLayoutEffect(() => {
    const observer = new ResizeObserver(measure);
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (isAtEnd.current && !selected) box.current!.scrollLeft = layout.width;
  }, [layout.width]);
  useEffect(() => {
    const node = selected && layout.nodes.get(selected.key);
    if (node) reveal(box.current!, node);
  }, [selected?.key]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const nodes = [...layout.nodes.values()];
    const index = nodes.findIndex(({ call }) => call === selected);
    const next = nextNode(event.key, layout, nodes, index);
    if (!next) return;
    event.preventDefault();
    select(next.call.key);
  };
  const isSeen = (x: number, width: number) =>
    x + width > view.left - 400 && x < view.left + view.width + 400;
  const bands = layout.bands.filter(({ x, width }) => isSeen(x, width));
  const edges = layout.edges.filter(({ from, to }) =>
    isSeen(Math.min(from.x, to.x), Math.abs(to.x - from.x) + NODE.width),
  );
  return (
    <div
      class="graph"
      ref={box}
      role="listbox"
      aria-label="Calls by round trip"
      aria-activedescendant={selected ? `node-${selected.key}` : undefined}
      tabIndex={0}
      onScroll={measure}
      onKeyDown={onKeyDown}
    >
      <div class="canvas" style={{ width: layout.width, height: layout.height }}>
        {bands.map(({ trip, x, width, time, nodes }) => (
          <div class="band" key={trip} style={{ left: x, width }}>
            <strong>Round trip {trip}</strong>
            <span class="dim">
              {nodes.length > 1 && `${nodes.length} calls `}
              {time !== undefined && duration(time)}
            </span>
          </div>
        ))}
        <svg width={layout.width} height={layout.height} aria-hidden="true">
          {edges.map((edge) => (
            <path
              key={`${edge.from.call.key}-${edge.to.call.key}-${edge.isWaste}`}
              class={edge.isWaste ? "edge waste" : "edge"}
              d={curve(edge)}
            />
          ))}
        </svg>
        {bands.flatMap(({ nodes }) =>
          nodes.map(({ call, x, y }) => (
            <div
              key={call.key}
              id={`node-${call.key}`}
              role="option"
              aria-selected={call === selected}
              aria-label={`${call.name}, ${call.state}${call.waste ? ", wasted round trip" : ""}`}
              class={`node ${isSwallowed(call, now) ? "rejected" : call.state} ${
                call.waste ? "wasted" : ""
              } ${call === selected ? "selected" : ""}`}
              style={{ left: x, top: y, width: NODE.width, height: NODE.height }}
              onClick={() => select(call === selected ? undefined : call.key)}
            >
              <span class="name">{call.name}</span>
              <span class="dim num">
                {call.waste ? "await" : call.answeredAt && duration(call.answeredAt - call.sentAt)}
              </span>
            </div>
          )),
        )}
      </div>
    </div>
  );
}

/** The node that a key leads to. */
function nextNode(
  key: string,
  { bands, nodes }: ReturnType<typeof layoutOf>,
  all: readonly Node[],
  index: number,
): Node | undefined {
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  if (key === "ArrowDown") return all[Math.min(all.length - 1, index + 1)];
  if (key === "ArrowUp") return all[index < 0 ? all.length - 1 : Math.max(0, index - 1)];
  if (key !== "ArrowLeft" && key !== "ArrowRight") return undefined;
  const current = all[index];
  if (!current) return all.at(-1);
  const band = bands.findIndex(({ trip }) => trip === current.call.trip);
  const next = bands[band + (key === "ArrowRight" ? 1 : -1)];
  return next && nodes.get(next.nodes[0]!.call.key);
}

function reveal(box: HTMLElement, { x, y }: Node): void {
  const margin = 40;
  if (x < box.scrollLeft + margin) box.scrollLeft = x - margin;
  const right = x + NODE.width + margin;
  if (right > box.scrollLeft + box.clientWidth) box.scrollLeft = right - box.clientWidth;
  if (y < box.scrollTop + margin) box.scrollTop = y - margin;
  const bottom = y + NODE.height + margin;
  if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
}

function curve({ from, to }: Edge): string {
  const x1 = from.x + NODE.width;
  const y1 = from.y + NODE.height / 2;
  const x2 = to.x;
  const y2 = to.y + NODE.height / 2;
  const bend = Math.max(18, (x2 - x1) / 2);
  return `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
