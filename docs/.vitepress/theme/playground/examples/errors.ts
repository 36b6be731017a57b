import type { Example } from "../examples.ts";

const example: Example = {
  name: "errors",
  title: "Errors",
  server: `import { RpcError, RpcTarget } from "@capnweb/core";
import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { port } from "playground";

export class Account extends RpcTarget {
  withdraw(amount: number) {
    throw new RpcError(\`Not enough credit for \${amount}.\`, {
      code: "NO_CREDIT",
      data: { balance: 3 },
    });
  }
}

newMessagePortRpcSession(port, new Account());
`,
  client: `import { PathError, RpcError } from "@capnweb/core";
import { newMessagePortRpcSession } from "@capnweb/transport-messageport";
import { port } from "playground";
import type { Account } from "./server";

const account = newMessagePortRpcSession<Account>(port);

try {
  await account.withdraw(5);
} catch (error) {
  if (!(error instanceof RpcError)) throw error;
  console.log(error.message, error.code, error.data);
}

// A method that doesn't exist.
await (account as any).deposit(5).catch((error: unknown) => {
  if (!(error instanceof PathError)) throw error;
  console.log(error.message, error.code);
});
`,
};

export default example;
