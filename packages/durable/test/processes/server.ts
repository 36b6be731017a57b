// A server whose tokens and revocations outlive it. It is told the file of revocations, the secret,
// the port, and the password that it accepts. It prints a line once it listens.
import { createServer } from "node:http";
import { RpcTarget } from "@capnweb/core";
import { attachWebSocketRpc } from "@capnweb/transport-ws/node";
import { Durable, KeyRing, offerDurable, restore, restoreParams } from "../../src/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";

class Room extends RpcTarget {
  readonly #id: number;

  constructor(id: number) {
    super();
    this.#id = id;
  }

  static [restore]({ id }: { id: number }) {
    return new Room(id);
  }

  [restoreParams]() {
    return { id: this.#id };
  }

  title() {
    return `room ${this.#id} in process ${process.pid}`;
  }
}

const [file, secret, port, password] = process.argv.slice(2) as [string, string, string, string];
const durable = new Durable({
  classes: { room: Room },
  keys: new KeyRing([{ id: "k", secret }]),
  store: await openSqliteStore(file),
});

/** The main object, whose members the test's server trusts every client with. */
export class Api extends RpcTarget {
  pid() {
    return process.pid;
  }
  login(text: string) {
    if (text !== password) throw new Error("Wrong password.");
    return { room: (id: number) => new Room(id) };
  }
  revoke(token: string) {
    return durable.revoke(token);
  }
  revokeOwner(owner: string) {
    return durable.revokeOwner(owner);
  }
}

const server = createServer();
attachWebSocketRpc(server, () => offerDurable(new Api(), durable, { owner: "ada" }));
server.listen(Number(port), "127.0.0.1", () => console.log("listening"));
