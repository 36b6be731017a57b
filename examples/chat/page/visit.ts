import { callOptions, type RpcStub, RpcTarget } from "@capnweb/core";
import type { Message, Page } from "../src/history.ts";
import type { Seat } from "../src/lobby.ts";
import type { Listener } from "../src/room.ts";
import type { Session } from "./session.ts";

/** The parts of the page that show a room. */
export interface RoomView {
  /** The number of the last message that is shown; 0 if there is none. */
  readonly lastNumber: number;
  /** Adds messages; `hasGap` if some before them are missing. */
  addAll(messages: readonly Message[], hasGap: boolean): void;
  showPresent(names: readonly string[]): void;
}

/** A visit to a room, across outages. */
export class Visit implements Disposable {
  readonly #seat: RpcStub<Seat>;
  readonly #presence: Disposable;

  constructor(session: Session, room: string, view: RoomView) {
    this.#seat = session.connection.keep(() => session.member.room(room));
    // Each session starts after the last message that the page has.
    this.#presence = session.connection.keep(() =>
      this.#seat.enter(new ViewListener(view), view.lastNumber),
    );
  }

  /**
   * Says something exactly once, although the call may be repeated: the id tells the server. It
   * waits while there is no connection.
   */
  async say(id: string, text: string): Promise<void> {
    await callOptions(this.#seat, { idempotent: true }).say(id, text);
  }

  async earlier(before: number): Promise<Page> {
    return await callOptions(this.#seat, { idempotent: true }).earlier(before);
  }

  /** Leaves the room. */
  [Symbol.dispose](): void {
    this.#presence[Symbol.dispose]();
    this.#seat[Symbol.dispose]();
  }
}

/** Shows the news of a room in the page. */
class ViewListener extends RpcTarget implements Listener {
  readonly #view: RoomView;

  constructor(view: RoomView) {
    super();
    this.#view = view;
  }

  missed({ messages, hasMore }: Page): void {
    this.#view.addAll(messages, hasMore);
  }

  said(message: Message): void {
    this.#view.addAll([message], false);
  }

  present(names: readonly string[]): void {
    this.#view.showPresent(names);
  }
}
