import type { PropertyPath } from "../model/hook.ts";
import { BaseSession, type SessionParts } from "../session/base-session.ts";
import type { InterceptedCall, OperationKind } from "./interceptor.ts";

const NONE: readonly unknown[] = Object.freeze([]);

/**
 * An operation on its way through its session's interceptors. They receive this very object,
 * because another one would cost as much as all the rest. Its type shows them only the members of
 * {@link InterceptedCall}.
 */
export abstract class Operation implements InterceptedCall {
  readonly kind: OperationKind;
  readonly path: PropertyPath;
  readonly args: readonly unknown[];
  readonly #parts: SessionParts;

  /**
   * @param args the list that is a payload's value; `undefined` for an operation without
   *   arguments
   */
  constructor(parts: SessionParts, kind: OperationKind, path: PropertyPath, args: unknown) {
    this.kind = kind;
    this.path = path;
    this.args = (args as readonly unknown[] | undefined) ?? NONE;
    this.#parts = parts;
  }

  get method(): string | undefined {
    const { path } = this;
    return path.length === 0 ? undefined : `${path[path.length - 1]}`;
  }

  get session(): BaseSession<any> {
    // A transport may deliver messages before the session has one.
    return this.#parts.face ?? new BaseSession(this.#parts);
  }
}

/** Describes an operation in errors. */
export function describe({ kind, path }: InterceptedCall): string {
  const names = { call: "call", get: "read", map: "map()", stream: "operation of a stream" };
  return path.length === 0 ? `a ${names[kind]}` : `the ${names[kind]} of '${path.join(".")}'`;
}
