import { RpcTarget } from "@capnweb/core";
import { RpcHost } from "@capnweb/host";

const users = new Map([["session=4711", "Ada"]]);

export class Api extends RpcTarget {
  readonly #user: string;

  constructor(user: string) {
    super();
    this.#user = user;
  }

  greet() {
    return `Hello, ${this.#user}!`;
  }

  async count(to: number, report: (value: number) => void) {
    for (let value = 1; value <= to; value++) await report(value);
  }
}

export const host = new RpcHost({
  authorize({ headers }) {
    const user = users.get(headers.get("cookie") ?? "");
    return user ? { context: user, identity: user } : { status: 401, reason: "Log in first." };
  },
  createMain: (user: string) => new Api(user),
});
