import { RpcTarget } from "@capnweb/core";
import { Durable, KeyRing, restore, restoreParams } from "@capnweb/durable";

/** A durable object whose params have values of several kinds. */
export class Note extends RpcTarget {
  readonly #params: unknown;

  constructor(params: unknown) {
    super();
    this.#params = params;
  }

  static async [restore](params: unknown) {
    return new Note(params);
  }

  [restoreParams]() {
    return this.#params;
  }

  text() {
    const { text, when, bytes, inner } = this.#params as {
      text: string;
      when: Date;
      bytes: Uint8Array;
      inner?: unknown;
    };
    return `${text} ${when.getTime()} ${[...bytes]} ${inner === undefined ? "alone" : "with another"}`;
  }
}

/** The durable objects of a process whose key has this secret. */
export function durableWith(secret: string): Durable {
  return new Durable({ classes: { note: Note }, keys: new KeyRing([{ id: "k", secret }]) });
}

/** A token of a note that has another in its params. */
export function sealNote(durable: Durable): Promise<string> {
  const params = { text: "ä\u{1f600}", when: new Date(5), bytes: new Uint8Array([1, 255]) };
  return durable.seal(new Note({ ...params, inner: new Note(params) }));
}

/** The text of the note behind a token. */
export async function textOf(durable: Durable, token: string): Promise<string> {
  using note = await durable.unseal<Note>(token);
  return await note.text();
}
