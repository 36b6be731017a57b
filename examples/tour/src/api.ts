import { RpcTarget } from "@capnweb/core";
import { restore, restoreParams } from "@capnweb/durable";

/** The server's main object, which every client gets. */
export class PublicApi extends RpcTarget {
  /** Returns the user who owns the token. */
  authenticate(token: string) {
    if (token !== "open sesame") throw new Error("Wrong token.");
    return new User("ada");
  }
}

/** A user's operations, after authentication. Holding a stub of this object is the permission. */
export class User extends RpcTarget {
  readonly #name: string;

  constructor(name: string) {
    super();
    this.#name = name;
  }

  get name() {
    return this.#name;
  }

  /** The notebook called `title`. */
  notebook(title: string) {
    return new Notebook(title, this.#name);
  }

  /** Works, and calls `onProgress` with percentages meanwhile. */
  async backup(onProgress: (percent: number) => void) {
    for (const percent of [25, 50, 100]) await onProgress(percent);
    return "backed up";
  }

  /**
   * Works as `backup` does, but doesn't wait for the callback: the client of an HTTP batch can't
   * answer.
   */
  backupWithoutWaiting(onProgress: (percent: number) => void) {
    for (const percent of [25, 50, 100]) onProgress(percent);
    return "backed up";
  }
}

/** A notebook. It is durable, so a client has it again after a restart of the server. */
export class Notebook extends RpcTarget {
  readonly #title: string;
  readonly #author: string;

  constructor(title: string, author: string) {
    super();
    this.#title = title;
    this.#author = author;
  }

  /** Makes the notebook again from its params, without another login. */
  static [restore]({ title, author }: { title: string; author: string }) {
    return new Notebook(title, author);
  }

  [restoreParams]() {
    return { title: this.#title, author: this.#author };
  }

  pageNumbers() {
    return [1, 2, 3, 4];
  }

  page(number: number) {
    return { number, text: `${this.#title}, page ${number}, by ${this.#author}` };
  }

  /** The whole notebook, a page at a time. */
  read() {
    const pages = this.pageNumbers().map((number) => this.page(number));
    return new ReadableStream<{ number: number; text: string }>({
      pull(controller) {
        const next = pages.shift();
        if (next === undefined) controller.close();
        else controller.enqueue(next);
      },
    });
  }
}
