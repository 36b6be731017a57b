// The page. It runs in a browser, over the browser's own WebTransport.
import { newWebTransportRpcSession } from "@capnweb/transport-webtransport";
import type { Door } from "./chat.ts";
import type { ConnectInfo } from "./site.ts";

const [state, said, form, text] = ["state", "said", "form", "text"].map(
  (id) => document.getElementById(id)!,
) as [HTMLElement, HTMLElement, HTMLFormElement, HTMLInputElement];

const { url, hash }: ConnectInfo = await (await fetch("connect.json")).json();
const name = `guest ${Math.floor(Math.random() * 1000)}`;

const door = newWebTransportRpcSession<Door>(url, undefined, {
  serverCertificateHashes: [{ algorithm: "sha-256", value: Uint8Array.from(hash) }],
});
door.onRpcBroken((reason) => {
  state.textContent = `Disconnected: ${(reason as Error).message}`;
  text.disabled = true;
});

const member = await door.join(name, (who: string, what: string) => {
  const line = document.createElement("li");
  line.textContent = `${who}: ${what}`;
  said.append(line);
});
state.textContent = `Connected as ${name}.`;
text.disabled = false;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const what = text.value;
  text.value = "";
  await member.say(what);
});
