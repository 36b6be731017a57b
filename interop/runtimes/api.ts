import { RpcTarget } from "@capnweb/compat";
import { createApi } from "../../testing/api.ts";

/** The main object of the servers of all runtimes. */
export class Api extends createApi(RpcTarget) {}
