import { calculate } from "./client.ts";
import { serve } from "./server.ts";

const server = await serve();
await calculate(server.url);
server.close();
