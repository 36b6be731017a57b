// The program of `npm start`. `PORT` and `DATA` change the port, and the folder of the data.
import { fileURLToPath } from "node:url";
import { closeOnSignals } from "@capnweb/host/node";
import { servePage } from "./page-files.ts";
import { startServer } from "./server.ts";

const { PORT = "8080", DATA = fileURLToPath(new URL("../data", import.meta.url)) } = process.env;

const { host, server, database, url } = await startServer({
  port: Number(PORT),
  folder: DATA,
  rooms: ["Lounge", "Kitchen", "Workshop"],
});
servePage(server);
closeOnSignals(host, { deadline: 5_000, servers: [server], onDrained: () => database.close() });
console.log(`The chat: ${url}`);
