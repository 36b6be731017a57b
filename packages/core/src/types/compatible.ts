import type { AnyFunction, AnyStub, IsUnknown } from "./brands.ts";
import type { ReservedName } from "./members.ts";
import type { CannotTravel, Value } from "./values.ts";

/**
 * The constraint on a session's main object. `T extends RpcCompatible<T>` refuses types that can't
 * be sent, and interfaces with methods that can't be called because stubs have methods of the same
 * name: {@link ReservedName}.
 */
export type RpcCompatible<T> =
  | (IsUnknown<T> extends true ? unknown : never)
  | Value
  | AnyFunction
  | AnyStub<any>
  | Promise<any>
  | { [K in keyof T]: T extends CannotTravel ? never : Nameable<T, K> };

type Nameable<T, K extends keyof T> = K extends ReservedName
  ? T[K] extends AnyFunction
    ? { error: `Stubs have a method "${K}" of their own: give this one another name.` }
    : T[K]
  : T[K];
