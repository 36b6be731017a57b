import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import type { Connection } from "./connection.ts";
import { download, upload } from "./files.ts";
import { count } from "./format.ts";
import { HelpDialog } from "./help-dialog.tsx";
import type { RecordingStore } from "./recording-store.ts";
import { SaveDialog } from "./save-dialog.tsx";
import { chosenTheme, nextTheme } from "./theme.ts";
import type { View, ViewName, ViewProps } from "./view.ts";
import { CallItView } from "./views/call-it.tsx";
import { CallsView } from "./views/calls.tsx";
import { CapabilitiesView } from "./views/capabilities.tsx";
import { ErrorsView } from "./views/errors.tsx";
import { MessagesView } from "./views/messages.tsx";
import { MethodsView } from "./views/methods.tsx";
import { PipelineView } from "./views/pipeline.tsx";

interface Tab {
  readonly name: ViewName;
  readonly label: string;
  readonly view: View;
  readonly number?: (model: ViewProps["model"]) => number;
}

const TABS: readonly Tab[] = [
  { name: "calls", label: "Calls", view: CallsView, number: ({ calls }) => calls.length },
  { name: "pipeline", label: "Pipeline", view: PipelineView },
  {
    name: "capabilities",
    label: "Capabilities",
    view: CapabilitiesView,
    number: (model) => model.held().filter(({ kind }) => kind !== "main").length,
  },
  {
    name: "messages",
    label: "Messages",
    view: MessagesView,
    number: ({ messages }) => messages.length,
  },
  { name: "methods", label: "Methods", view: MethodsView, number: ({ methods }) => methods.size },
  { name: "errors", label: "Errors", view: ErrorsView, number: ({ problems }) => problems.length },
  { name: "call", label: "Call it", view: CallItView },
];

/** Milliseconds between drawings that only let ages grow. */
const TICK = 1_000;

/** The page. */
export function App({
  store,
  connection,
}: {
  readonly store: RecordingStore;
  readonly connection: Connection;
}) {
  const [, redraw] = useReducer((drawn: number) => drawn + 1, 0);
  const [tab, setTab] = useState<ViewName>("calls");
  const [session, setSession] = useState<number | undefined>();
  const [filter, setFilter] = useState("");
  const [selection, setSelection] = useState<Partial<Record<ViewName, number | string>>>({});
  const [dialog, setDialog] = useState<"save" | "help" | undefined>();
  const [theme, setTheme] = useState(chosenTheme);
  const filterBox = useRef<HTMLInputElement>(null);
  const tabs = useRef<HTMLDivElement>(null);
  const [focusAsked, askForFocus] = useReducer((asked: number) => asked + 1, 0);

  // Before the next key, which is for the view that was chosen.
  useLayoutEffect(() => {
    if (focusAsked > 0) focusView();
  }, [focusAsked]);
  useEffect(() => store.onChange(() => redraw(0)), [store]);
  useEffect(() => {
    const timer = setInterval(() => redraw(0), TICK);
    return () => clearInterval(timer);
  }, []);

  const { model } = store;
  const isFile = connection.description?.way === "file";
  const now = isFile || store.isPaused ? store.lastAt : Date.now();
  const { view: CurrentView } = TABS.find(({ name }) => name === tab)!;
  const select = (key: number | string | undefined) =>
    setSelection((before) => ({ ...before, [tab]: key as number }));
  const go = (to: ViewName, key: number | string) => {
    setFilter("");
    setSelection((before) => ({ ...before, [to]: key }));
    setTab(to);
  };
  const open = async () => {
    store.open(await upload());
    connection.stop();
    setSession(undefined);
    redraw(0);
  };
  const showTab = (to: ViewName) => {
    setTab(to);
    askForFocus(0);
  };

  useEffect(() => {
    const actions: Readonly<Record<string, () => void>> = {
      "/": () => filterBox.current!.focus(),
      "?": () => setDialog("help"),
      p: () => store.pause(!store.isPaused),
      t: () => setTheme(nextTheme()),
      Escape: () => select(undefined),
      ...Object.fromEntries(TABS.map(({ name }, i) => [`${i + 1}`, () => showTab(name)])),
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]"))
        return;
      if (isTyping(event.target)) {
        if (event.key === "Escape") leave(event.target as HTMLElement);
        return;
      }
      const action = actions[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  });

  const onTabKey = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = (TABS.findIndex(({ name }) => name === tab) + step + TABS.length) % TABS.length;
    setTab(TABS[at]!.name);
    (tabs.current!.children[at] as HTMLElement).focus();
  };

  const sessions = model.sessions;
  return (
    <>
      <header class="top">
        <h1>
          <span class="mark" aria-hidden="true" />
          Inspector
        </h1>
        <span class="way" title={store.title}>
          {connection.description?.way ?? "…"} <span class="dim">{store.title}</span>
        </span>
        <select
          aria-label="Session"
          value={session ?? ""}
          onChange={({ currentTarget: { value } }) =>
            setSession(value === "" ? undefined : Number(value))
          }
        >
          <option value="">all sessions ({sessions.length})</option>
          {sessions.slice(-500).map(({ session: number, label, closedAt, medium }) => (
            <option key={number} value={number}>
              {number}: {label} {medium && `(${medium})`} {closedAt ? "· ended" : ""}
            </option>
          ))}
        </select>
        <input
          ref={filterBox}
          type="search"
          placeholder="Filter  /"
          aria-label="Filter"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <span class="space" />
        {!isFile && (
          <button
            type="button"
            aria-pressed={store.isPaused}
            onClick={() => store.pause(!store.isPaused)}
          >
            {store.isPaused ? `Resume (${store.waiting})` : "Pause"}
          </button>
        )}
        <button type="button" onClick={() => store.clear()}>
          Clear
        </button>
        <button type="button" onClick={() => void open()}>
          Open
        </button>
        <button type="button" onClick={() => download("recording.jsonl", store.save())}>
          Save
        </button>
        <button
          type="button"
          disabled={session === undefined}
          title={session === undefined ? "Choose a session first" : ""}
          onClick={() => setDialog("save")}
        >
          Save as test
        </button>
        <button type="button" class="plain" onClick={() => setTheme(nextTheme())}>
          Theme: {theme}
        </button>
        <button type="button" class="plain" aria-label="Keys" onClick={() => setDialog("help")}>
          ?
        </button>
      </header>
      <div class="tabs" role="tablist" aria-label="Views" ref={tabs} onKeyDown={onTabKey}>
        {TABS.map(({ name, label, number }, i) => {
          const total = number?.(model);
          return (
            <button
              type="button"
              role="tab"
              key={name}
              id={`tab-${name}`}
              aria-selected={tab === name}
              aria-controls="view"
              aria-keyshortcuts={`${i + 1}`}
              tabIndex={tab === name ? 0 : -1}
              onClick={() => setTab(name)}
            >
              {label}
              {total !== undefined && (
                <span class={`count ${name === "errors" && total > 0 ? "bad" : ""}`}>
                  {total.toLocaleString("en")}
                </span>
              )}
            </button>
          );
        })}
      </div>
      {connection.problem !== undefined && !isFile && (
        <p class="note bad" role="alert">
          There is no connection to the server: {connection.problem} Trying again …
        </p>
      )}
      {store.skipped > 0 && (
        <p class="note" role="status">
          {count(store.skipped, "entry", "entries")} were skipped, because the server is busy or the
          page was slow. The views begin behind them; sessions and capabilities are complete.
        </p>
      )}
      <main id="view" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        <CurrentView
          key={tab}
          store={store}
          model={model}
          connection={connection}
          session={session}
          filter={filter.trim().toLowerCase()}
          now={now}
          selected={selection[tab]}
          select={select}
          go={go}
        />
      </main>
      <footer class="status">
        <span>
          {count(sessions.filter(({ closedAt }) => closedAt === undefined).length, "open session")}
        </span>
        <span>{count(model.calls.end, "call")}</span>
        <span>{count(model.messages.end, "message")}</span>
        {store.dropped + model.calls.start > 0 && (
          <span class="warn">
            history dropped: {count(store.dropped, "entry", "entries")},{" "}
            {count(model.calls.start, "call")}
          </span>
        )}
      </footer>
      {dialog === "help" && <HelpDialog onClose={() => setDialog(undefined)} />}
      {dialog === "save" && session !== undefined && (
        <SaveDialog store={store} session={session} onClose={() => setDialog(undefined)} />
      )}
    </>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.matches("input:not([type=checkbox]), textarea, select")
  );
}

/** Leaves a field, so that keys are the page's again. */
function leave(field: HTMLElement): void {
  field.blur();
  document.querySelector<HTMLElement>("#view [tabindex='0']")?.focus();
}

/** Moves the focus to the list of the view, or to its first field. */
function focusView(): void {
  const first = document.querySelector<HTMLElement>(
    "#view [tabindex='0'], #view select, #view input",
  );
  first?.focus();
}
