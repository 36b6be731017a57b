import { type Call, isSwallowed, type Stream } from "../../model/index.ts";
import { duration, size } from "../format.ts";
import { CallName, Facts, Hint, Pane, State, timeOf } from "../parts.tsx";
import { matches, type ViewProps } from "../view.ts";
import { VirtualList } from "../virtual-list.tsx";
import { CallPane } from "./call-pane.tsx";

type Item = { readonly key: number; readonly start: number } & (
  | { readonly call: Call; readonly stream?: undefined }
  | { readonly stream: Stream; readonly call?: undefined }
);

/** Calls and streams by the time at which they began. */
export function CallsView(props: ViewProps) {
  const { model, session, filter, now, selected, select } = props;
  const items = itemsOf(model, session, filter);
  const item = items.find(({ key }) => key === selected);
  const row = (each: Item, [first, last]: readonly [Item, Item]) => {
    const range = rangeOf(first.start, Math.max(endOf(last, now), last.start), now);
    return each.call ? (
      <CallRow call={each.call} now={now} range={range} />
    ) : (
      <StreamRow stream={each.stream!} now={now} range={range} />
    );
  };
  return (
    <div class="split">
      <VirtualList<Item>
        label="Calls and streams"
        columns="calls"
        items={items}
        keyOf={({ key }) => key}
        selected={selected}
        onSelect={(each) => select(each?.key)}
        follows
        head={
          <>
            <span>method</span>
            <span>by</span>
            <span>state</span>
            <span class="num">time</span>
            <span>waterfall</span>
          </>
        }
        rowClass={({ call }) => (call?.waste ? "wasted" : "")}
        row={row}
        empty={
          <Hint title="No calls yet">
            Calls appear here as sessions make them. Each bar lasts from the message of a call to
            the message of its answer.
          </Hint>
        }
      />
      {item?.call && <CallPane {...props} call={item.call} />}
      {item?.stream && (
        <StreamPane stream={item.stream} now={now} onClose={() => select(undefined)} />
      )}
    </div>
  );
}

function itemsOf(model: ViewProps["model"], session: number | undefined, filter: string): Item[] {
  const items: Item[] = [];
  const isShown = (each: { session: number }) => session === undefined || each.session === session;
  for (const call of model.calls) {
    if (isShown(call) && matches(filter, call.name, call.target, call.args)) {
      items.push({ key: call.key, start: call.sentAt, call });
    }
  }
  if (model.streams.length === 0) return items;
  for (const stream of model.streams) {
    if (isShown(stream) && matches(filter, "stream")) {
      items.push({ key: stream.key, start: stream.openedAt, stream });
    }
  }
  return items.sort((a, b) => a.start - b.start || a.key - b.key);
}

interface Range {
  readonly start: number;
  readonly length: number;
}

/** The times of the rows in view, rounded so that the bars don't jump with each pixel. */
function rangeOf(from: number, to: number, now: number): Range {
  const length = Math.max(Math.min(to, now) - from, 5) * 1.05;
  const step = 10 ** Math.floor(Math.log10(length)) / 4;
  const start = Math.floor(from / step) * step;
  return { start, length: Math.ceil((from + length - start) / step) * step };
}

function endOf({ call, stream }: Item, now: number): number {
  return call ? call.sentAt + timeOf(call, now) : endOfStream(stream!, now);
}

function endOfStream({ endedAt, state, lastAt }: Stream, now: number): number {
  return endedAt ?? (state === "open" ? now : lastAt);
}

function Bar(props: {
  readonly start: number;
  readonly end: number;
  readonly range: Range;
  readonly kind: string;
}) {
  const { start, length } = props.range;
  const left = Math.max(0, Math.min(100, ((props.start - start) / length) * 100));
  const right = Math.max(left, Math.min(100, ((props.end - start) / length) * 100));
  return (
    <span class="track">
      <span class={`bar ${props.kind}`} style={{ left: `${left}%`, width: `${right - left}%` }} />
    </span>
  );
}

function CallRow({
  call,
  now,
  range,
}: {
  readonly call: Call;
  readonly now: number;
  readonly range: Range;
}) {
  const swallowed = isSwallowed(call, now);
  const kind = swallowed ? "rejected" : call.state;
  return (
    <>
      <CallName call={call} />
      <span class={`by ${call.by}`}>{call.by}</span>
      <State call={call} isSwallowed={swallowed} />
      <span class="num">{call.state === "lost" ? "–" : duration(timeOf(call, now))}</span>
      <Bar start={call.sentAt} end={call.sentAt + timeOf(call, now)} range={range} kind={kind} />
    </>
  );
}

function StreamRow({
  stream,
  now,
  range,
}: {
  readonly stream: Stream;
  readonly now: number;
  readonly range: Range;
}) {
  const end = endOfStream(stream, now);
  return (
    <>
      <span class="name">
        stream {stream.id}{" "}
        <span class="dim">
          {stream.chunks} chunks, {size(stream.size)}
        </span>
      </span>
      <span class={`by ${stream.by}`}>{stream.by}</span>
      <span class={`state ${stream.state}`}>{stream.state}</span>
      <span class="num">{duration(end - stream.openedAt)}</span>
      <Bar start={stream.openedAt} end={end} range={range} kind="stream" />
    </>
  );
}

function StreamPane({
  stream,
  now,
  onClose,
}: {
  readonly stream: Stream;
  readonly now: number;
  readonly onClose: () => void;
}) {
  const end = stream.endedAt ?? now;
  const seconds = Math.max((end - stream.openedAt) / 1_000, 0.001);
  return (
    <Pane title={`Stream ${stream.id}`} onClose={onClose}>
      <Facts
        facts={[
          ["written by", stream.by],
          ["session", stream.session],
          ["state", stream.state],
          ["chunks", stream.chunks.toLocaleString("en")],
          ["size", size(stream.size)],
          ["rate", `${size(Math.round(stream.size / seconds))}/s`],
          ["not taken yet", `${stream.waiting} chunks, ${size(stream.waitingSize)}`],
          ["largest window", size(stream.window)],
          ["lasted", duration(end - stream.openedAt)],
        ]}
      />
    </Pane>
  );
}
