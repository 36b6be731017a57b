import { useEffect, useState } from "preact/hooks";
import type { Callable, CallOutcome } from "../../server/call-it.ts";
import { duration } from "../format.ts";
import { Hint } from "../parts.tsx";
import type { ViewProps } from "../view.ts";

interface Past {
  readonly number: number;
  readonly asked: string;
  readonly outcome: CallOutcome;
}

/** Most outcomes that are listed. */
const MOST_PAST = 50;

/** Calls by hand. */
export function CallItView({ model, connection }: ViewProps) {
  const { api, description } = connection;
  const [callables, setCallables] = useState<readonly Callable[]>([]);
  const [key, setKey] = useState("");
  const [path, setPath] = useState("");
  const [args, setArgs] = useState("[]");
  const [isBusy, setBusy] = useState(false);
  const [past, setPast] = useState<readonly Past[]>([]);

  const refresh = async () => {
    if (!api || !description?.canCall) return;
    const list = await api.callables();
    setCallables(list);
    if (!list.some((each) => each.key === key)) setKey(list[0]?.key ?? "");
  };
  useEffect(() => {
    refresh().catch(() => setCallables([]));
  }, [api, description]);

  if (!api || !description?.canCall) {
    return (
      <Hint title="Nothing to call here">
        Calls by hand need a server: the route of inspect(), or the proxy. A recorded file can't
        answer.
      </Hint>
    );
  }
  const canCall = !isBusy && key !== "";
  const call = async () => {
    if (!canCall) return;
    setBusy(true);
    try {
      const outcome = await api.call(key, path, args);
      const label = callables.find((each) => each.key === key)?.label ?? key;
      const asked = `${label}: ${path || "(call)"}(${args.trim().slice(1, -1)})`;
      setPast((list) =>
        [{ number: (list[0]?.number ?? 0) + 1, asked, outcome }, ...list].slice(0, MOST_PAST),
      );
      await refresh();
    } catch (error) {
      const text = String((error as Error)?.message ?? error);
      const outcome = { ok: false, text, stubs: [], time: 0 };
      setPast((list) => [{ number: (list[0]?.number ?? 0) + 1, asked: path, outcome }, ...list]);
    } finally {
      setBusy(false);
    }
  };
  const names = [...new Set([...model.methods.values()].map(({ name }) => name))].slice(0, 200);
  return (
    <div class="call-it">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void call();
        }}
      >
        <label>
          <span>Stub</span>
          <select
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            onFocus={() => void refresh()}
          >
            {callables.map((each) => (
              <option key={each.key} value={each.key}>
                {each.label}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>Method</span>
          <input
            value={path}
            list="methods"
            placeholder="users.get, or empty to call a function"
            spellcheck={false}
            autocomplete="off"
            onInput={(event) => setPath(event.currentTarget.value)}
          />
          <datalist id="methods">
            {names.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </label>
        <label>
          <span>Arguments</span>
          <textarea
            rows={4}
            value={args}
            spellcheck={false}
            onInput={(event) => setArgs(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void call();
            }}
          />
          <small class="dim">
            A JSON list. <code>{'{"$stub": "1"}'}</code> stands for the capability «1» of an answer.
          </small>
        </label>
        <button type="submit" class="primary" disabled={!canCall}>
          {isBusy ? "Calling …" : "Call"}
        </button>
      </form>
      <div class="outcomes" aria-live="polite">
        {past.length === 0 && (
          <Hint title="Call it">
            Pick an object, name a method, and see the answer. Capabilities in an answer can be
            called in turn.
          </Hint>
        )}
        {past.map(({ number, asked, outcome }) => (
          <article key={number} class={outcome.ok ? "ok" : "bad"}>
            <header>
              <code>{asked}</code>
              <span class="dim num">{duration(outcome.time)}</span>
            </header>
            <pre class={`code ${outcome.ok ? "" : "bad"}`}>{outcome.text}</pre>
            {outcome.stubs.map((each) => (
              <button type="button" class="chip" key={each.key} onClick={() => setKey(each.key)}>
                use «{each.key}»
              </button>
            ))}
          </article>
        ))}
      </div>
    </div>
  );
}
