// The process of the server under load. It does what the driver asks for.
import { serveDriver } from "../driver/serve-driver.ts";
import { Server } from "./server.ts";

serveDriver(new Server());
