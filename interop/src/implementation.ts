/**
 * What an implementation of Cap'n Web offers under the names of `capnweb`: the reference's and ours
 * are used through the same untyped view, since programs must not notice which one they run on.
 */
export interface Implementation {
  readonly RpcTarget: new () => object;
  readonly RpcStub: new (value: unknown) => any;
  readonly RpcPromise: new (value: unknown) => any;
  readonly RpcSession: new (transport: any, main?: unknown, options?: any) => Session;
  newWebSocketRpcSession(socket: any, main?: unknown, options?: any): any;
  newHttpBatchRpcSession(url: any, options?: any): any;
  newMessagePortRpcSession(port: any, main?: unknown, options?: any): any;
  nodeHttpBatchRpcResponse(request: any, response: any, main: any, options?: any): Promise<void>;
  serialize(value: unknown): string;
  deserialize(text: string): unknown;
}

export interface Session {
  getRemoteMain(): any;
  getStats(): { imports: number; exports: number };
  drain(): Promise<void>;
}
