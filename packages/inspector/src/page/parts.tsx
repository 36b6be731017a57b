import type { ComponentChildren } from "preact";
import type { Call } from "../model/index.ts";

/** The name of a call, with its arguments. */
export function CallName({ call }: { readonly call: Call }) {
  const owner = call.target && call.target !== "Object" ? `${call.target}.` : "";
  return (
    <span class="name">
      <span class="dim">{owner}</span>
      {call.name}
      {call.kind === "call" && <span class="dim">({call.args})</span>}
    </span>
  );
}

const STATES: Readonly<Record<Call["state"], string>> = {
  open: "waiting",
  resolved: "ok",
  rejected: "failed",
  dropped: "given up",
  lost: "lost",
};

export function State({
  call,
  isSwallowed,
}: {
  readonly call: Call;
  readonly isSwallowed: boolean;
}) {
  if (isSwallowed) return <Badge tone="bad">swallowed</Badge>;
  // The result was used only by other calls, as it should be.
  if (call.state === "dropped" && call.pipelined > 0) return <span class="state">pipelined</span>;
  return <span class={`state ${call.state}`}>{STATES[call.state]}</span>;
}

export function Badge(props: {
  readonly tone: "bad" | "warn" | "calm";
  readonly children: ComponentChildren;
}) {
  return <span class={`badge ${props.tone}`}>{props.children}</span>;
}

/** Names and values, one below the other. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [string, ComponentChildren])[];
}) {
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== "")
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** The pane with the details of the selected row. */
export function Pane(props: {
  readonly title: ComponentChildren;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="pane" aria-label="Details">
      <header>
        <h2>{props.title}</h2>
        <button type="button" class="plain" onClick={props.onClose} aria-label="Close the details">
          ✕
        </button>
      </header>
      <div class="content" tabIndex={0}>
        {props.children}
      </div>
    </section>
  );
}

export function Stack({
  title,
  stack,
}: {
  readonly title: string;
  readonly stack: string | undefined;
}) {
  if (!stack) return null;
  return (
    <>
      <h3>{title}</h3>
      <pre class="code">{stack}</pre>
    </>
  );
}

export function Hint({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="hint">
      <strong>{title}</strong>
      <p>{children}</p>
    </div>
  );
}

/** The milliseconds of a call so far. */
export function timeOf(call: Call, now: number): number {
  const { sentAt, answeredAt, state, releasedAt, failedAt } = call;
  return (answeredAt ?? failedAt ?? (state === "open" ? now : (releasedAt ?? sentAt))) - sentAt;
}
