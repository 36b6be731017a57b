import { connect, DerivationError } from "@capnweb/reconnect";
import { webSocketTransport } from "@capnweb/transport-ws";
import type { Gate } from "../src/gate.ts";
import { element } from "./elements.ts";
import { FolderView } from "./folder-view.ts";

const STATES = {
  connecting: "Connecting …",
  open: "Connected",
  interrupted: "Reconnecting …",
  closed: "Closed",
};
const problem = element("#problem", HTMLElement);
const choose = element("#choose", HTMLInputElement);

const showError = (error: unknown) => {
  const { message } = (error instanceof DerivationError ? error.cause : error) as Error;
  problem.textContent = message;
};

// The token is in the part of the link that browsers don't send.
const token = location.hash.slice(1);
addEventListener("hashchange", () => location.reload());

const url = new URL("api", location.href.replace(/^http/, "ws")).href;
const connection = connect<Gate>({
  open: ({ signal }) => webSocketTransport(url, { signal }),
  backoff: { max: 3_000 },
});
const showState = () => {
  const state = element("#state", HTMLElement);
  state.textContent = STATES[connection.state];
  state.dataset["state"] = connection.state;
  element("#retry", HTMLElement).hidden = connection.state !== "interrupted";
};
connection.addEventListener("statechange", showState);
showState();
element("#retry", HTMLButtonElement).onclick = () => connection.check();

/** The directory of the link, in each session. */
const root = connection.keep((gate) => gate.open(token));
try {
  await start((await root.access) === "write");
} catch (error) {
  showError(error);
}

async function start(mayWrite: boolean): Promise<void> {
  const view = new FolderView(root, mayWrite, showError);
  const access = element("#access", HTMLElement);
  access.textContent = mayWrite ? "Read and write" : "Read only";
  for (const each of [access, element("#share", HTMLElement), element("table", HTMLElement)]) {
    each.hidden = false;
  }
  for (const each of document.querySelectorAll<HTMLElement>(".for-writers"))
    each.hidden = !mayWrite;

  const upload = (files: Iterable<File>) => {
    problem.textContent = "";
    view.upload(files);
  };
  choose.onchange = () => {
    upload([...(choose.files ?? [])]);
    choose.value = "";
  };
  element("#new-folder", HTMLButtonElement).onclick = () => {
    problem.textContent = "";
    const name = prompt("Name of the new folder");
    if (name) void view.makeFolder(name);
  };
  const share = async () => {
    const link = element("#link", HTMLInputElement);
    link.value = new URL(`#${await view.share()}`, location.href).href;
    element("#shared", HTMLElement).hidden = false;
    link.select();
  };
  element("#share", HTMLButtonElement).onclick = () => void share().catch(showError);
  if (mayWrite) acceptDrops(upload);
  await view.open([]);
}

function acceptDrops(upload: (files: Iterable<File>) => void): void {
  const { classList } = document.body;
  addEventListener("dragover", (event) => {
    event.preventDefault();
    classList.add("dragging");
  });
  addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) classList.remove("dragging");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    classList.remove("dragging");
    upload(event.dataTransfer?.files ?? []);
  });
}
