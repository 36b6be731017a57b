import type { Puller, StubHook } from "../hook.ts";
import type { Payload } from "../payload/payload.ts";
import { type Importer, ImportHook } from "./import-entry.ts";

/** What an answer needs of its session. */
export interface Answering extends Importer {
  /** @throws EncodeError, DepthError for a value that can't travel */
  sendResolution(id: number, payload: Payload): void;
  sendRejection(id: number, error: unknown): void;
  answered(answer: Answer): void;
}

/**
 * Tells the peer what one of our exports turned out to be, as far as it is worth telling: a promise
 * of this side that resolves to just another one is followed to its end, while one of the peer's is
 * named to it.
 */
export class Answer implements Puller {
  readonly id: number;
  /** The hook of an export that ends with its answer. */
  readonly released: StubHook | undefined;
  readonly #session: Answering;

  constructor(session: Answering, id: number, released?: StubHook) {
    this.#session = session;
    this.id = id;
    this.released = released;
  }

  /** Answers with what `hook` stands for. */
  pull(hook: StubHook): void {
    try {
      hook.pull(this);
    } catch (error) {
      this.reject(error);
    }
  }

  resolve(payload: Payload): void {
    const next = promiseAtRoot(payload);
    if (next !== undefined && !this.#isImport(next)) {
      this.pull(next);
      return;
    }
    try {
      this.#session.sendResolution(this.id, payload);
    } catch (error) {
      this.reject(error);
      return;
    }
    this.#session.answered(this);
  }

  reject(error: unknown): void {
    this.#session.sendRejection(this.id, error);
    this.#session.answered(this);
  }

  #isImport(hook: StubHook): boolean {
    return hook instanceof ImportHook && hook.idFor(this.#session) !== undefined;
  }
}

function promiseAtRoot(payload: Payload): StubHook | undefined {
  const [pending] = payload.pending;
  if (pending === undefined || pending.parent !== payload) return undefined;
  return pending.path.length === 0 ? pending.hook.settled() : undefined;
}
