// A server of the unmodified `capnweb`, as a process of its own. Arguments: the port, or 0 for any,
// and the journal, a file that gets a line for each call before it is answered.
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { newWebSocketRpcSession, RpcTarget } from "capnweb";
import { WebSocket, WebSocketServer } from "ws";

// `capnweb` reads its constants, and Node 20 has none of its own.
globalThis.WebSocket ??= WebSocket;

const [port, journal] = process.argv.slice(2);

class Counter extends RpcTarget {
  #name;
  constructor(name) {
    super();
    this.#name = name;
  }
  add(id) {
    return record(`${this.#name} ${id}`);
  }
}

class Api extends RpcTarget {
  record(id) {
    return record(id);
  }
  counter(name) {
    return new Counter(name);
  }
  pid() {
    return process.pid;
  }
  async call(callback) {
    return await callback();
  }
}

function record(id) {
  appendFileSync(journal, `${id}\n`);
  return id;
}

const server = createServer();
new WebSocketServer({ server }).on("connection", (socket) => {
  newWebSocketRpcSession(socket, new Api());
});
server.listen(Number(port), "127.0.0.1", () => {
  process.stdout.write(`${server.address().port}\n`);
});
// The test that started it is gone.
process.stdin.on("end", () => process.exit()).resume();
