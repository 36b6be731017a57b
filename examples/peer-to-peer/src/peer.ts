import { type RpcStub, RpcTarget } from "@capnweb/core";

/** The listeners of a peer's own program. They aren't methods, so no other peer can call them. */
export interface PeerEvents {
  /** Gets a notebook that another peer hands over, and owns it. */
  onLoan?(notebook: RpcStub<Notebook>): void;
  /** Called when no other peer holds a notebook that this one has lent. */
  onReturn?(): void;
}

/** The main object of a peer: everything that the others may do with it. */
export class Peer extends RpcTarget {
  readonly #name: string;
  readonly #lines: string[] = [];
  readonly #events: PeerEvents;

  constructor(name: string, events: PeerEvents = {}) {
    super();
    this.#name = name;
    this.#events = events;
  }

  name(): string {
    return this.#name;
  }

  /** Greets a peer, whose name it asks for in the other direction. */
  async greet(other: RpcStub<Peer>): Promise<string> {
    return `Hello ${await other.name()}, I am ${this.#name}.`;
  }

  /** Lends the peer's notebook. */
  lend(): Notebook {
    return new Notebook(this.#lines, () => this.#events.onReturn?.());
  }

  /** Takes a notebook, whichever peer has lent it. */
  take(notebook: RpcStub<Notebook>): void {
    // The argument is disposed of when this method returns, so that a duplicate is needed.
    this.#events.onLoan?.(notebook.dup());
  }
}

/** A notebook on loan. The lines stay at the peer that lends it. */
export class Notebook extends RpcTarget {
  readonly #lines: string[];
  readonly #onReturn: () => void;

  constructor(lines: string[], onReturn: () => void) {
    super();
    this.#lines = lines;
    this.#onReturn = onReturn;
  }

  write(line: string): void {
    this.#lines.push(line);
  }

  read(): string[] {
    return [...this.#lines];
  }

  /** Runs once no peer holds the notebook any more. */
  [Symbol.dispose](): void {
    this.#onReturn();
  }
}
