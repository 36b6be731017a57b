import { newHttpBatchRpcHandler } from "@capnweb/transport-http";
import { host } from "../../host";

export const POST = newHttpBatchRpcHandler(host);
