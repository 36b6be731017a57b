import { newWorkersRpcResponse } from "@capnweb/compat";
import { mainFor } from "../main-for.ts";

export default {
  fetch: (request: Request) => newWorkersRpcResponse(request, mainFor(request.url)),
};
