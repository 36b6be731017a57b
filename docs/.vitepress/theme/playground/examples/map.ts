import type { Example } from "../examples.ts";

const example: Example = {
  name: "map",
  title: "map()",
  server: `import { RpcTarget } from "@capnweb/core";
import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { port } from "playground";

export class Api extends RpcTarget {
  ids() {
    return [1, 2, 3];
  }
  user(id: number) {
    return { id, name: ["Ada", "Grace", "Edsger"][id - 1] };
  }
}

newMessagePortRpcSession(port, new Api());
`,
  client: `import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { port } from "playground";
import type { Api } from "./server";

const api = newMessagePortRpcSession<Api>(port);

// The callback is recorded once, and applied to each id at the server.
const names = await api.ids().map((id) => api.user(id).name);
console.log(names);
`,
};

export default example;
