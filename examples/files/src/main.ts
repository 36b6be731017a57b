// The program of `npm start`. `PORT`, `DATA` and `QUOTA` change the port, the folder of the data,
// and the megabytes that the files may have.
import { fileURLToPath } from "node:url";
import { closeOnSignals } from "@capnweb/host/node";
import { servePage } from "./page-files.ts";
import { startServer } from "./server.ts";

const { DATA = fileURLToPath(new URL("../data", import.meta.url)) } = process.env;
const { PORT = "8080", QUOTA = "10000" } = process.env;

const { host, server, link } = await startServer({
  port: Number(PORT),
  folder: DATA,
  quota: Number(QUOTA) * 1_000_000,
});
servePage(server);
closeOnSignals(host, { deadline: 5_000, servers: [server] });
console.log(`All files: ${link}`);
