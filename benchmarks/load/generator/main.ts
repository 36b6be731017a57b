// A process that makes load. It does what the driver asks for.
import { serveDriver } from "../driver/serve-driver.ts";
import { Generator } from "./generator.ts";

serveDriver(new Generator());
