import type { PropertyPath } from "../model/hook.ts";
import { BaseSession, type SessionParts } from "../session/base-session.ts";
import type { InterceptedCall, OperationKind } from "./interceptor.ts";

/** One direction of a session, as the operations in it see it. */
export interface Direction {
  readonly parts: SessionParts;
}

const NONE: readonly unknown[] = Object.freeze([]);

/**
 * An operation on its way through its session's interceptors. They receive this very object,
 * because another one would cost as much as all the rest. Its type shows them only the members of
 * {@link InterceptedCall}.
 *
 * Calls are the usual operations. Theirs have no private members, and their rare cases are methods
 * of their own: engines don't inline the constructor of a base class with private members, nor
 * large functions.
 */
export abstract class Operation<D extends Direction> implements InterceptedCall {
  readonly kind: OperationKind;
  readonly path: PropertyPath;
  readonly args: readonly unknown[];
  protected readonly direction: D;

  /**
   * @param args the list that is a payload's value; `undefined` for an operation without
   *   arguments
   */
  constructor(direction: D, kind: OperationKind, path: PropertyPath, args: unknown) {
    this.kind = kind;
    this.path = path;
    this.args = (args as readonly unknown[] | undefined) ?? NONE;
    this.direction = direction;
  }

  get method(): string | undefined {
    const { path } = this;
    return path.length === 0 ? undefined : `${path[path.length - 1]}`;
  }

  get session(): BaseSession<any> {
    const { parts } = this.direction;
    // A transport may deliver messages before the session has one.
    return parts.face ?? new BaseSession(parts);
  }
}

/** Describes an operation in errors. */
export function describe({ kind, path }: InterceptedCall): string {
  const names = { call: "call", get: "read", map: "map()", stream: "operation of a stream" };
  return path.length === 0 ? `a ${names[kind]}` : `the ${names[kind]} of '${path.join(".")}'`;
}
