import type { Example } from "../examples.ts";

const example: Example = {
  name: "callbacks",
  title: "Callbacks",
  server: `import { type RpcStub, RpcTarget } from "@capnweb/core";
import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { port } from "playground";

export class Api extends RpcTarget {
  async count(to: number, onNumber: RpcStub<(number: number) => void>) {
    for (let number = 1; number <= to; number++) {
      await onNumber(number); // runs at the client
    }
    return "done";
  }
}

newMessagePortRpcSession(port, new Api());
`,
  client: `import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { port } from "playground";
import type { Api } from "./server";

const api = newMessagePortRpcSession<Api>(port);

const result = await api.count(3, (number) => {
  console.log(\`the server calls back with \${number}\`);
});
console.log(result);
`,
};

export default example;
