import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { expire, revoke, summarize, trust } from "./agent.ts";
import { Office, OfficeApi } from "./office.ts";
import { serve } from "./server.ts";
import { Tool } from "./tool.ts";

const office = new Office();
const officeServer = await serve(() => new OfficeApi(office));
const toolServer = await serve(() => new Tool());
{
  using api = newWebSocketRpcSession<OfficeApi>(officeServer.url);
  using tool = newWebSocketRpcSession<Tool>(toolServer.url);
  using user = await api.login("token of ada");
  using reports = await user.home().open("reports");
  const steps = { summarize, trust, revoke, expire };
  for (const [name, step] of Object.entries(steps)) {
    console.log(`${name}:`);
    await step(reports, tool);
  }

  console.log("The audit log:");
  const counts = new Map<string, number>();
  for (const { who, grant, action, path, outcome } of await user.audit()) {
    const line = `  ${who} (grant ${grant}): ${action} ${path}: ${outcome}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  for (const [line, count] of counts) console.log(count === 1 ? line : `${line}, ${count} times`);
}
officeServer.close();
toolServer.close();
