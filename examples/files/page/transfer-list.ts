import { element, make } from "./elements.ts";
import { sizeOf } from "./format.ts";
import type { Transfer } from "./transfer.ts";

const section = element("#transfers", HTMLElement);
const list = element("#transfers ul", HTMLUListElement);

/** The work of a row, and the ways to end it. */
export interface Work {
  readonly name: string;
  /** Resolves when the transfer is done. Called again when it is resumed. */
  run(transfer: Transfer): Promise<void>;
  /** Gives up the bytes that have arrived. */
  discard(): Promise<void>;
  /** Called when the work is over. */
  ended(): void;
}

/** Shows a transfer with its progress, and runs it. It can be paused, resumed and cancelled. */
export function addTransfer(work: Work): void {
  const { name } = work;
  const bar = make("progress", "");
  bar.setAttribute("aria-label", `Progress of ${name}`);
  const text = make("p", "hint", "Waiting …");
  const pause = button("Pause", name);
  const cancel = button("Cancel", name);
  const item = make(
    "li",
    "",
    make("p", "name", name),
    bar,
    text,
    make("span", "buttons", pause, cancel),
  );
  list.append(item);
  section.hidden = false;

  const end = () => {
    item.remove();
    section.hidden = list.children.length === 0;
    work.ended();
  };
  const showProgress = (done: number, size: number) => {
    bar.max = Math.max(size, 1);
    bar.value = size === 0 ? 1 : done;
    text.textContent = `${sizeOf(done)} of ${sizeOf(size)}`;
  };

  let controller: AbortController | undefined;
  const stop = (error?: unknown) => {
    controller?.abort();
    controller = undefined;
    label(pause, "Resume", name);
    text.textContent = error instanceof Error ? error.message : `Paused. ${text.textContent}`;
    text.className = error ? "error" : "hint";
  };
  const run = async () => {
    const own = new AbortController();
    controller = own;
    label(pause, "Pause", name);
    text.className = "hint";
    try {
      await work.run({ signal: own.signal, onProgress: showProgress });
      end();
    } catch (error) {
      if (!own.signal.aborted) stop(error);
    }
  };
  pause.onclick = () => void (controller ? stop() : run());
  cancel.onclick = async () => {
    controller?.abort();
    end();
    await work.discard();
  };
  void run();
}

function button(action: string, name: string): HTMLButtonElement {
  const made = make("button", "quiet");
  made.type = "button";
  label(made, action, name);
  return made;
}

function label(made: HTMLButtonElement, action: string, name: string): void {
  made.textContent = action;
  made.setAttribute("aria-label", `${action} ${name}`);
}
