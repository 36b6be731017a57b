import type { Example } from "../examples.ts";

const example: Example = {
  name: "streams",
  title: "Streams",
  server: `import { RpcTarget } from "@capnweb/core";
import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { port } from "playground";

export class Api extends RpcTarget {
  countdown(from: number) {
    let number = from;
    return new ReadableStream<number>({
      pull(controller) {
        if (number > 0) controller.enqueue(number--);
        else controller.close();
      },
    });
  }
}

newMessagePortRpcSession(port, new Api());
`,
  client: `import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { port } from "playground";
import type { Api } from "./server";

const api = newMessagePortRpcSession<Api>(port);

const reader = (await api.countdown(3)).getReader();
for (;;) {
  const { done, value } = await reader.read();
  if (done) break;
  console.log(value);
}
console.log("lift-off");
`,
};

export default example;
