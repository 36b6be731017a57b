import type { Message } from "../src/history.ts";
import { element, make } from "./elements.ts";

const list = element("#messages", HTMLOListElement);
const scroll = element("#scroll", HTMLElement);

const timeOf = (date: Date) => date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

/** The messages of a room, in the order of their numbers, and those that wait to be sent. */
export class MessageList {
  readonly #me: string;
  /** Items by author and id. */
  readonly #items = new Map<string, HTMLLIElement>();
  #first = Number.POSITIVE_INFINITY;
  #last = 0;

  /** Empties the list. */
  constructor(me: string) {
    this.#me = me;
    list.replaceChildren();
  }

  /** The number of the oldest message. */
  get first(): number {
    return this.#first;
  }

  /** The number of the newest message; 0 if there is none. */
  get last(): number {
    return this.#last;
  }

  /** Shows a message that isn't there yet. One that waited is no longer waiting. */
  add({ author, id, number, text, sent }: Message): void {
    const key = `${author} ${id}`;
    const waiting = this.#items.get(key);
    if (waiting && !waiting.classList.contains("waiting")) return;
    waiting?.remove();
    const item = itemOf(author, text, make("time", "", timeOf(sent)), author === this.#me);
    this.#items.set(key, item);
    const wasAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
    if (number < this.#first && this.#last > 0) list.prepend(item);
    else list.insertBefore(item, list.querySelector(".waiting"));
    this.#first = Math.min(this.#first, number);
    this.#last = Math.max(this.#last, number);
    if (wasAtEnd || waiting) scroll.scrollTop = scroll.scrollHeight;
  }

  /** Shows an own message that is on its way. */
  addWaiting(id: string, text: string): void {
    const item = itemOf(this.#me, text, make("span", "hint", "Sending …"), true);
    item.classList.add("waiting");
    this.#items.set(`${this.#me} ${id}`, item);
    list.append(item);
    scroll.scrollTop = scroll.scrollHeight;
  }

  /** Shows why an own message wasn't sent, and offers to send it again. */
  showFailed(id: string, reason: string, retry: () => void): void {
    const item = this.#items.get(`${this.#me} ${id}`);
    if (!item?.classList.contains("waiting")) return;
    const button = make("button", "", "Send again");
    button.onclick = () => {
      problem.remove();
      retry();
    };
    const problem = make("p", "error", `${reason} `, button);
    item.append(problem);
  }

  /** Removes all messages except for those that wait. */
  clear(): void {
    for (const [key, item] of this.#items) {
      if (item.classList.contains("waiting")) continue;
      item.remove();
      this.#items.delete(key);
    }
    this.#first = Number.POSITIVE_INFINITY;
    this.#last = 0;
  }
}

function itemOf(author: string, text: string, when: HTMLElement, isMine: boolean): HTMLLIElement {
  const from = make("p", "from", make("span", "author", author), when);
  return make("li", isMine ? "mine" : "", from, make("p", "text", text));
}
