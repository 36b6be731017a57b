import * as compat from "@capnweb/compat";
import type { Implementation as Tested } from "@capnweb/testkit";
import * as capnweb from "capnweb";

/**
 * An implementation of Cap'n Web, under the names of `capnweb`. The reference and ours have the
 * same untyped view, because programs must not notice which one they run on.
 */
export interface Implementation extends Tested {
  newWebSocketRpcSession(socket: any, main?: unknown, options?: any): any;
  newHttpBatchRpcSession(url: any, options?: any): any;
  newMessagePortRpcSession(port: any, main?: unknown, options?: any): any;
  newHttpBatchRpcResponse(request: Request, main: any, options?: any): Promise<Response>;
  nodeHttpBatchRpcResponse(request: any, response: any, main: any, options?: any): Promise<void>;
  serialize(value: unknown): string;
  deserialize(text: string): unknown;
}

/** Options that make our sessions send the reference's messages, byte for byte. */
const EXACT_OPTIONS = { announce: false };

export const REFERENCE = capnweb as unknown as Implementation;

/** Our implementation, for comparisons with the reference message by message. */
export const OURS = withSessionOptions(compat as unknown as Implementation, EXACT_OPTIONS);

/**
 * The configurations of our sessions for tests of results: conformance, programs, live transports,
 * attacks. All of these run every configuration.
 */
export const OUR_WAYS: Readonly<Record<string, Implementation>> = {
  ours: OURS,
  "ours with extensions": compat as unknown as Implementation,
};

/** All implementations, by name. */
export const IMPLEMENTATIONS: Readonly<Record<string, Implementation>> = {
  ...OUR_WAYS,
  reference: REFERENCE,
};

/** The same implementation, whose sessions all have these options added. */
export function withSessionOptions(implementation: Implementation, added: object): Implementation {
  const { RpcSession } = implementation;
  return {
    ...implementation,
    RpcSession: class extends RpcSession {
      constructor(transport: any, main?: unknown, options?: object) {
        super(transport, main, { ...added, ...options });
      }
    },
    newWebSocketRpcSession: (socket, main, options) =>
      implementation.newWebSocketRpcSession(socket, main, { ...added, ...options }),
    newHttpBatchRpcSession: (url, options) =>
      implementation.newHttpBatchRpcSession(url, { ...added, ...options }),
    newMessagePortRpcSession: (port, main, options) =>
      implementation.newMessagePortRpcSession(port, main, { ...added, ...options }),
    newHttpBatchRpcResponse: (request, main, options) =>
      implementation.newHttpBatchRpcResponse(request, main, { ...added, ...options }),
    nodeHttpBatchRpcResponse: (request, response, main, options) =>
      implementation.nodeHttpBatchRpcResponse(request, response, main, { ...added, ...options }),
  };
}
