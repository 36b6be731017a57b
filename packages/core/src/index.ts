/**
 * The Cap'n Web object model and session: stubs, promises, pipelining, disposal.
 *
 * @packageDocumentation
 */
import "./symbol-dispose.ts";

// For applications.

export {
  DEFAULT_LIMITS,
  DEFAULT_MAX_DEPTH,
  DepthError,
  EncodeError,
  type EncodingLevel,
  ExpressionError,
  isLimitName,
  LIMIT_PROFILES,
  LimitError,
  type LimitName,
  type LimitOptionName,
  type LimitProfile,
  type Limits,
  type Limits as RpcLimits,
  type LimitsOption,
  MessageSyntaxError,
  type OwnValueType,
  ProtocolError,
  RpcError,
  type RpcErrorOptions,
  resolveLimits,
  type ValueType,
  valueType,
} from "@capnweb/wire";
export { breakStub } from "./break-stub.ts";
export type { CallContext, CallMetadata, CallSession } from "./call-context/call-context.ts";
export type { CallOptions } from "./call-context/call-options.ts";
export { callOptions } from "./calls/call-options.ts";
export { currentCall, findCurrentCall } from "./calls/current-call.ts";
export { withinCall } from "./calls/within-call.ts";
export {
  CallTimeoutError,
  CanceledError,
  ContextError,
  DeadlineError,
  DisposedError,
  InterceptorError,
  MapError,
  MissingComponentError,
  NoCallError,
  PathError,
  SessionError,
} from "./errors.ts";
export { intercept } from "./interceptors/intercept.ts";
export type {
  AddedContext,
  IncomingCall,
  InterceptedCall,
  Interceptor,
  OperationKind,
  OutcomeObserver,
  OutgoingCall,
  ResultUse,
  SeenOptions,
  TravellingContext,
} from "./interceptors/interceptor.ts";
export { type ErrorInfo, type ErrorListener, type ErrorSource, reportError } from "./report.ts";
export { RpcSession } from "./rpc-session.ts";
export type { BaseSession, RpcSessionStats } from "./session/base-session.ts";
export type { Interception } from "./session/interception.ts";
export type { RpcSessionOptions } from "./session/options.ts";
export { RpcPromise, RpcStub } from "./stubs.ts";
export { RpcTarget } from "./target.ts";
export type { Passable, Received, RpcCompatible, ValueTypes } from "./types/index.ts";
// Exported with a star, so that applications can declare members of it.
export type * from "./types/own-value-types.ts";

// For libraries: transports, and runtimes with target classes of their own.

export { startSession } from "./start-session.ts";
export { adoptTargetClass } from "./target.ts";
export type {
  AnyRpcTransport,
  CarriedHeaders,
  RpcTransport,
  RpcTransportWithCustomEncoding,
  Transport,
  TransportReceiver,
} from "./transport.ts";
export { type TransportOverrides, wrapTransport } from "./wrap-transport.ts";
