import type { Entry } from "../src/folder.ts";
import type { Unfinished } from "../src/transfers.ts";
import { element, make } from "./elements.ts";
import { dateOf, sizeOf } from "./format.ts";

const body = element("#entries", HTMLTableSectionElement);

/** The actions that the rows offer. */
export interface Actions {
  readonly mayWrite: boolean;
  open(name: string): void;
  download(name: string): void;
  remove(name: string): void;
  discard(unfinished: Unfinished): void;
}

/** Shows the content of a folder: folders, files, and uploads that wait for the rest. */
export function showEntries(
  entries: readonly Entry[],
  unfinished: readonly Unfinished[],
  actions: Actions,
): void {
  const rows = [...entries]
    .sort((a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name))
    .map((entry) => rowOf(entry, actions));
  body.replaceChildren(...rows, ...unfinished.map((each) => unfinishedRow(each, actions)));
  element("#empty", HTMLElement).hidden = body.children.length > 0;
}

function rowOf({ name, kind, size, modified }: Entry, actions: Actions): HTMLElement {
  const isFolder = kind === "directory";
  const shown = isFolder ? action(`${name}/`, `Open ${name}`, () => actions.open(name)) : name;
  const buttons: HTMLElement[] = [];
  if (!isFolder) buttons.push(action("Download", `Download ${name}`, () => actions.download(name)));
  if (actions.mayWrite) {
    buttons.push(action("Delete", `Delete ${name}`, () => actions.remove(name)));
  }
  return make(
    "tr",
    "",
    make("td", "name", shown),
    make("td", "size", isFolder ? "" : sizeOf(size)),
    make("td", "modified", dateOf(modified)),
    make("td", "actions", ...buttons),
  );
}

function unfinishedRow(unfinished: Unfinished, actions: Actions): HTMLElement {
  const { name, received, size } = unfinished;
  const hint = `${sizeOf(received)} of ${sizeOf(size)} have arrived. Choose the file again to go on.`;
  return make(
    "tr",
    "",
    make("td", "name", name, make("p", "hint", hint)),
    make("td", "size", sizeOf(size)),
    make("td", "modified", "Unfinished"),
    make(
      "td",
      "actions",
      action("Discard", `Discard ${name}`, () => actions.discard(unfinished)),
    ),
  );
}

function action(text: string, label: string, run: () => void): HTMLButtonElement {
  const made = make("button", "quiet", text);
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.onclick = run;
  return made;
}
