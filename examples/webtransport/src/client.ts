// A client of the chat in Node. It says the lines that it reads, and prints those that it hears.
import { createInterface } from "node:readline";
import { newWebTransportRpcSession } from "@capnweb/transport-webtransport/node";
import type { Door } from "./chat.ts";
import type { ConnectInfo } from "./site.ts";

const [siteUrl, name] = process.argv.slice(2);
if (siteUrl === undefined || name === undefined) throw new Error("Usage: client.ts URL NAME");
const { url, hash } = (await (await fetch(`${siteUrl}connect.json`)).json()) as ConnectInfo;

using door = newWebTransportRpcSession<Door>(url, undefined, {
  serverCertificateHashes: [{ algorithm: "sha-256", value: Uint8Array.from(hash) }],
});
using member = await door.join(name, (who: string, what: string) => console.log(`${who}: ${what}`));
for await (const line of createInterface(process.stdin)) await member.say(line);
