import type { Example } from "../examples.ts";

const example: Example = {
  name: "disposal",
  title: "Disposal",
  server: `import { RpcTarget } from "@capnweb/core";
import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { port } from "playground";

class Room extends RpcTarget {
  title() {
    return "Kitchen";
  }
  [Symbol.dispose]() {
    console.log("the client has given the room up");
  }
}

export class Api extends RpcTarget {
  room() {
    return new Room();
  }
}

newMessagePortRpcSession(port, new Api());
`,
  client: `import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { port } from "playground";
import type { Api } from "./server";

const api = newMessagePortRpcSession<Api>(port);

const room = await api.room();
console.log(await room.title());
room[Symbol.dispose](); // gives up the reference: see the release among the messages

await room.title().catch((error: any) => {
  console.log(error.code, error.message);
});
`,
};

export default example;
