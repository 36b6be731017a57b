import { newHttpBatchRpcHandler } from "@capnweb/transport-http";
import { host } from "$lib/host";
import type { RequestHandler } from "./$types";

const answer = newHttpBatchRpcHandler(host);

export const POST: RequestHandler = ({ request }) => answer(request);
