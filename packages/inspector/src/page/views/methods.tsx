import { useState } from "preact/hooks";
import { type MethodTimes, quantile } from "../../model/index.ts";
import { duration } from "../format.ts";
import { Hint } from "../parts.tsx";
import { matches, type ViewProps } from "../view.ts";
import { VirtualList } from "../virtual-list.tsx";

interface Row extends MethodTimes {
  readonly key: string;
  readonly median: number;
  readonly high: number;
}

const COLUMNS = {
  name: { label: "method", of: (row: Row) => row.name },
  by: { label: "by", of: (row: Row) => row.by },
  count: { label: "calls", of: (row: Row) => -row.count },
  failed: { label: "failed", of: (row: Row) => -row.failed },
  open: { label: "waiting", of: (row: Row) => -row.open },
  median: { label: "median", of: (row: Row) => -row.median },
  high: { label: "p95", of: (row: Row) => -row.high },
  max: { label: "longest", of: (row: Row) => -row.max },
} as const;

type Column = keyof typeof COLUMNS;
const NUMBERS: readonly Column[] = ["count", "failed", "open", "median", "high", "max"];

/** The times of each method. */
export function MethodsView({ model, filter, selected, select }: ViewProps) {
  const [order, setOrder] = useState<Column>("high");
  const { of } = COLUMNS[order];
  const rows = [...model.methods]
    .filter(([, { name }]) => matches(filter, name))
    .map(([key, times]): Row => {
      const { recent } = times;
      return { ...times, key, median: quantile(recent, 0.5), high: quantile(recent, 0.95) };
    })
    .sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : a.name < b.name ? -1 : 1));
  const longest = Math.max(1, ...rows.map(({ high }) => high));
  return (
    <div class="stack">
      <div class="orders" role="group" aria-label="Order of the methods">
        <span class="dim">order by</span>
        {(Object.keys(COLUMNS) as Column[]).map((column) => (
          <button
            type="button"
            key={column}
            class="chip"
            aria-pressed={order === column}
            onClick={() => setOrder(column)}
          >
            {COLUMNS[column].label}
          </button>
        ))}
      </div>
      <VirtualList<Row>
        label="Methods"
        columns="methods"
        items={rows}
        keyOf={({ key }) => key}
        selected={selected}
        onSelect={(each) => select(each?.key)}
        head={
          <>
            {(Object.keys(COLUMNS) as Column[]).map((column) => (
              <span key={column} class={NUMBERS.includes(column) ? "num" : ""}>
                {COLUMNS[column].label}
              </span>
            ))}
            <span>median to p95</span>
          </>
        }
        row={(each) => (
          <>
            <span class="name">{each.name}</span>
            <span class={`by ${each.by}`}>{each.by}</span>
            <span class="num">{each.count.toLocaleString("en")}</span>
            <span class={`num ${each.failed > 0 ? "failed" : "dim"}`}>{each.failed}</span>
            <span class={`num ${each.open > 0 ? "" : "dim"}`}>{each.open}</span>
            <span class="num">{duration(each.median)}</span>
            <span class="num">{duration(each.high)}</span>
            <span class="num">{duration(each.max)}</span>
            <span class="track">
              <span
                class="bar open"
                style={{
                  left: `${(each.median / longest) * 100}%`,
                  width: `${((each.high - each.median) / longest) * 100}%`,
                }}
              />
            </span>
          </>
        )}
        empty={
          <Hint title="No methods yet">
            Times last from the message of a call to the message of its answer, where they were
            recorded. The last 500 calls of each method count.
          </Hint>
        }
      />
    </div>
  );
}
