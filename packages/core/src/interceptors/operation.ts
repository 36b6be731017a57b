import type { PropertyPath } from "../model/hook.ts";
import { BaseSession, type SessionParts } from "../session/base-session.ts";
import type { InterceptedCall, OperationKind } from "./interceptor.ts";

const NONE: readonly unknown[] = Object.freeze([]);

/**
 * An operation on its way through the interceptors of its session. They are shown this very object,
 * because another one would cost as much as all else: everything but the members of
 * {@link InterceptedCall} is hidden by its type.
 */
export abstract class Operation implements InterceptedCall {
  readonly kind: OperationKind;
  readonly path: PropertyPath;
  readonly args: readonly unknown[];
  readonly #parts: SessionParts;

  /** @param args the list that a payload's value is; `undefined` for an operation that has none */
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
    // A transport may hand in messages before the session has one.
    return this.#parts.face ?? new BaseSession(this.#parts);
  }
}

/** Words for an operation, for errors. */
export function describe({ kind, path }: InterceptedCall): string {
  const names = { call: "call", get: "read", map: "map()", stream: "operation of a stream" };
  return path.length === 0 ? `a ${names[kind]}` : `the ${names[kind]} of '${path.join(".")}'`;
}
