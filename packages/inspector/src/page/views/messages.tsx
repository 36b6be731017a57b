import { type Message, meaningOf } from "../../model/index.ts";
import { arrow, clock, size } from "../format.ts";
import { Facts, Hint, Pane } from "../parts.tsx";
import { matches, type ViewProps } from "../view.ts";
import { VirtualList } from "../virtual-list.tsx";

/** Messages in words, beside their text. */
export function MessagesView(props: ViewProps) {
  const { model, session, filter, selected, select, go } = props;
  const items: Message[] = [];
  for (const message of model.messages) {
    if (session !== undefined && message.session !== session) continue;
    if (matches(filter, message.text, message.call?.name)) items.push(message);
  }
  const item = typeof selected === "number" ? model.messages.get(selected) : undefined;
  return (
    <div class="split">
      <VirtualList<Message>
        label="Messages"
        columns="messages"
        items={items}
        keyOf={({ index }) => index}
        selected={selected}
        onSelect={(each) => select(each?.index)}
        follows
        head={
          <>
            <span>time</span>
            <span>from</span>
            <span>meaning</span>
            <span>text</span>
            <span class="num">size</span>
          </>
        }
        rowClass={({ problem }) => (problem ? "bad" : "")}
        row={(message) => (
          <>
            <span class="dim time">{clock(message.at)}</span>
            <span class={`by ${message.from}`}>{message.from}</span>
            <span class="name">{meaningOf(message)}</span>
            <code class="dim">{message.text.slice(0, 300)}</code>
            <span class="num">{size(message.size + message.bytes)}</span>
          </>
        )}
        empty={
          <Hint title="No messages yet">
            Every message of every session appears here, in words and as the text that travelled.
          </Hint>
        }
      />
      {item && (
        <Pane title={`${item.tag}, ${arrow(item.from)}`} onClose={() => select(undefined)}>
          <p>{meaningOf(item)}</p>
          <Facts
            facts={[
              ["time", clock(item.at)],
              ["session", item.session],
              ["text", size(item.size)],
              ["bytes beside it", item.bytes > 0 ? size(item.bytes) : undefined],
              [
                "call",
                item.call && (
                  <button type="button" class="link" onClick={() => go("calls", item.call!.key)}>
                    #{item.call.id} {item.call.name}
                  </button>
                ),
              ],
            ]}
          />
          <h3>Text</h3>
          <pre class="code">{indented(item.text)}</pre>
        </Pane>
      )}
    </div>
  );
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
