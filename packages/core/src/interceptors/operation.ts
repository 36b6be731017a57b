import type { PropertyPath } from "../model/hook.ts";
import { BaseSession, type SessionParts } from "../session/base-session.ts";
import type { IncomingCall, InterceptedCall, OperationKind, OutgoingCall } from "./interceptor.ts";

const NONE: readonly unknown[] = Object.freeze([]);

/** An operation, with the members that interceptors of both directions see. */
abstract class Operation implements InterceptedCall {
  readonly kind: OperationKind;
  readonly path: PropertyPath;
  readonly args: readonly unknown[];
  readonly #parts: SessionParts;

  /** @param args the list that a payload's value is; `undefined` for an operation that has none */
  constructor(parts: SessionParts, kind: OperationKind, path: PropertyPath, args: unknown) {
    this.#parts = parts;
    this.kind = kind;
    this.path = path;
    this.args = (args as readonly unknown[] | undefined) ?? NONE;
  }

  get method(): string | undefined {
    const { path } = this;
    return path.length === 0 ? undefined : `${path[path.length - 1]}`;
  }

  get session(): BaseSession<any> {
    // A transport may hand in messages before the session has one.
    return this.#parts.face ?? new BaseSession(this.#parts);
  }

  /** Words for errors. */
  describe(): string {
    const { kind, path } = this;
    const names = { call: "call", get: "read", map: "map()", stream: "operation of a stream" };
    return path.length === 0 ? `a ${names[kind]}` : `the ${names[kind]} of '${path.join(".")}'`;
  }
}

export class OutgoingOperation extends Operation implements OutgoingCall {
  get target(): undefined {
    return undefined;
  }
}

export class IncomingOperation extends Operation implements IncomingCall {
  readonly #describeTarget: () => string | undefined;

  constructor(
    parts: SessionParts,
    kind: OperationKind,
    path: PropertyPath,
    args: unknown,
    describeTarget: () => string | undefined,
  ) {
    super(parts, kind, path, args);
    this.#describeTarget = describeTarget;
  }

  get target(): string | undefined {
    return this.#describeTarget();
  }
}
