import { RpcTarget } from "@capnweb/core";
import { createApi } from "../../../../testing/api.ts";

export class Api extends createApi(RpcTarget) {}
