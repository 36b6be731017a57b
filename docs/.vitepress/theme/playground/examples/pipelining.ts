import type { Example } from "../examples.ts";

const example: Example = {
  name: "pipelining",
  title: "Pipelining",
  server: `import { RpcTarget } from "@capnweb/core";
import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { port } from "playground";

class Album extends RpcTarget {
  photo(number: number) {
    return \`photo \${number}\`;
  }
}

class User extends RpcTarget {
  album(name: string) {
    console.log(\`opens the album \${name}\`);
    return new Album();
  }
}

export class Api extends RpcTarget {
  authenticate(token: string) {
    console.log(\`checks the token \${token}\`);
    return new User();
  }
}

newMessagePortRpcSession(port, new Api());
`,
  client: `import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { port } from "playground";
import type { Api } from "./server";

const api = newMessagePortRpcSession<Api>(port);

// Nothing is awaited before the last call, so that all three leave at once.
const user = api.authenticate("secret");
const album = user.album("holidays");
console.log(await album.photo(3));
`,
};

export default example;
