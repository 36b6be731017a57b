import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Height of a row, in pixels; page.css has it too. */
export const ROW = 28;
/** Rows that are drawn above and below the visible ones. */
const MORE = 8;
/** More rows than fit any screen. A row that scrolls out lends its elements to one that comes in. */
const POOL = 160;

export interface VirtualListProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => number | string;
  readonly selected: number | string | undefined;
  readonly onSelect: (item: T | undefined) => void;
  /** True if new rows scroll into view while the list is at its end. */
  readonly follows?: boolean;
  readonly head: ComponentChildren;
  /** The classes of the columns, for the widths in page.css. */
  readonly columns: string;
  readonly row: (item: T, range: readonly [T, T]) => ComponentChildren;
  readonly rowClass?: (item: T) => string;
  readonly empty: ComponentChildren;
}

/** A list of which only the visible rows are drawn. It works by keyboard. */
export function VirtualList<T>(props: VirtualListProps<T>) {
  const { items, keyOf, selected, onSelect, follows } = props;
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);

  useLayoutEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    setHeight(element.clientHeight);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = box.current!;
    if (follows && isAtEnd.current && selected === undefined) {
      element.scrollTop = element.scrollHeight;
    }
  }, [items.length, height]);

  const index = selected === undefined ? -1 : items.findIndex((each) => keyOf(each) === selected);
  useEffect(() => {
    if (index >= 0) reveal(box.current!, index);
  }, [selected]);

  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current!;
    isAtEnd.current = scrollTop + clientHeight >= scrollHeight - ROW;
    setTop(scrollTop);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height / ROW) - 2);
    const move = MOVES[event.key]?.(
      index < 0 ? (follows ? items.length : -1) : index,
      page,
      items.length,
    );
    if (move === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(items.length - 1, move));
    const item = items[next];
    if (!item) return;
    onSelect(item);
    reveal(box.current!, next);
  };

  const first = Math.max(0, Math.floor(top / ROW) - MORE);
  const last = Math.min(items.length, Math.ceil((top + height) / ROW) + MORE);
  const shown = items.slice(first, last);
  const seen = items.slice(Math.floor(top / ROW), Math.ceil((top + height) / ROW));
  const range = [seen[0] ?? shown[0]!, seen.at(-1) ?? shown.at(-1)!] as const;
  return (
    <div class={`list ${props.columns}`}>
      <div class="row head" aria-hidden="true">
        {props.head}
      </div>
      <div
        class="rows"
        ref={box}
        role="listbox"
        aria-label={props.label}
        aria-activedescendant={index >= 0 ? rowId(selected!) : undefined}
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        {items.length === 0 ? (
          <div class="empty">{props.empty}</div>
        ) : (
          <div class="space" style={{ height: items.length * ROW }}>
            <div class="drawn" style={{ transform: `translateY(${first * ROW}px)` }}>
              {shown.map((item, i) => {
                const key = keyOf(item);
                return (
                  <div
                    key={(first + i) % POOL}
                    id={rowId(key)}
                    class={`row ${key === selected ? "selected" : ""} ${props.rowClass?.(item) ?? ""}`}
                    role="option"
                    aria-selected={key === selected}
                    aria-posinset={first + i + 1}
                    aria-setsize={items.length}
                    onClick={() => onSelect(key === selected ? undefined : item)}
                  >
                    {props.row(item, range)}
                  </div>
                );
              })}
            </div>
          </div>
        )}
      </div>
    </div>
  );
}

const MOVES: Readonly<
  Record<string, ((index: number, page: number, length: number) => number) | undefined>
> = {
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  PageDown: (index, page) => index + page,
  PageUp: (index, page) => index - page,
  Home: () => 0,
  End: (_index, _page, length) => length - 1,
};

function rowId(key: number | string): string {
  return `row-${key}`;
}

/** Scrolls as little as necessary. */
function reveal(box: HTMLElement, index: number): void {
  const start = index * ROW;
  if (start < box.scrollTop) box.scrollTop = start;
  else if (start + ROW > box.scrollTop + box.clientHeight) {
    box.scrollTop = start + ROW - box.clientHeight;
  }
}
