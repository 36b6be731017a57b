import { RpcTarget } from "@capnweb/core";
import { batched } from "@capnweb/plan/batched";
import type { People } from "./database.ts";

/** The server's main object, with a method of each kind. */
export class Api extends RpcTarget {
  readonly #people: People;
  readonly #name: (id: number) => Promise<string>;

  constructor(people: People) {
    super();
    this.#people = people;
    this.#name = batched((ids: number[]) => people.names(ids));
  }

  ids(): number[] {
    return this.#people.ids();
  }

  /** The name of a person, by a query for each call. */
  nameAlone(id: number): string {
    return this.#people.name(id);
  }

  /** The name of a person, by a query for all calls of a turn. */
  name(id: number): Promise<string> {
    return this.#name(id);
  }
}
