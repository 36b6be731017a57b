import { newWorkersRpcResponse } from "@capnweb/compat";
import { Api } from "../api.ts";

export default {
  fetch: (request: Request) => newWorkersRpcResponse(request, new Api()),
};
