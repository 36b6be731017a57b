import { element, make } from "./elements.ts";
import { MessageList } from "./message-list.ts";
import type { Session } from "./session.ts";
import { type RoomView, Visit } from "./visit.ts";

const rooms = element("#rooms", HTMLUListElement);
const present = element("#present", HTMLUListElement);
const earlier = element("#earlier", HTMLButtonElement);
const form = element("#say", HTMLFormElement);
const text = element("#text", HTMLTextAreaElement);

/** Shows the rooms, and the one that the address names. */
export function showChat(session: Session, me: string, names: readonly string[]): void {
  let visit: Visit | undefined;
  const enter = (name: string) => {
    visit?.[Symbol.dispose]();
    visit = showRoom(session, me, name);
    for (const button of rooms.querySelectorAll("button")) {
      button.setAttribute("aria-current", String(button.textContent === name));
    }
    history.replaceState(null, "", `#${new URLSearchParams({ room: name })}`);
  };
  const items = names.map((name) => {
    const button = make("button", "", name);
    button.type = "button";
    button.onclick = () => enter(name);
    return make("li", "", button);
  });
  rooms.replaceChildren(...items);
  element("#sign-out", HTMLButtonElement).onclick = async () => {
    await session.signOut();
    location.reload();
  };
  const wanted = new URLSearchParams(location.hash.slice(1)).get("room") ?? "";
  enter(names.includes(wanted) ? wanted : names[0]!);
}

function showRoom(session: Session, me: string, name: string): Visit {
  element("#room-name", HTMLElement).textContent = name;
  const list = new MessageList(me);
  earlier.hidden = true;
  const view: RoomView = {
    get lastNumber() {
      return list.last;
    },
    addAll(messages, hasGap) {
      if (hasGap) {
        list.clear();
        earlier.hidden = false;
      }
      for (const message of messages) list.add(message);
    },
    showPresent(names) {
      present.replaceChildren(...names.map((each) => make("li", "", each)));
    },
  };
  const visit = new Visit(session, name, view);
  const showEarlier = async () => {
    const { messages, hasMore } = await visit.earlier(list.first);
    earlier.hidden = !hasMore;
    for (const message of [...messages].reverse()) list.add(message);
  };
  // After a failure, the button is there for another attempt.
  earlier.onclick = () => void showEarlier().catch(() => {});
  const send = (id: string, said: string) => {
    // The room tells the message to this page too, and then it no longer waits.
    visit.say(id, said).catch((error) => list.showFailed(id, error.message, () => send(id, said)));
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const said = text.value.trim();
    if (said === "") return;
    text.value = "";
    text.focus();
    const id = crypto.randomUUID();
    list.addWaiting(id, said);
    send(id, said);
  };
  return visit;
}

// Enter sends, and Shift+Enter begins a line.
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
