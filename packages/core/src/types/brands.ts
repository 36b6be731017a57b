/**
 * The marks by which the static types recognise targets, stubs and services. None exists at run
 * time.
 */

export declare const targetBrand: unique symbol;
declare const stubBrand: unique symbol;
declare const placeholderBrand: unique symbol;

/** The mark of every `RpcTarget`. Objects without it are passed by value. */
export interface TargetBrand {
  readonly [targetBrand]: never;
}

/** The mark of every stub and promise of `T`. */
export interface StubBrand<T> {
  readonly [stubBrand]: T;
}

/**
 * The mark of a value that the callback of `map()` is recorded with. The peer puts a `T` in its
 * place.
 */
export interface PlaceholderBrand<T> {
  readonly [placeholderBrand]: T;
}

/** A function, whatever its signature. */
export type AnyFunction = (...args: any[]) => unknown;

/**
 * The mark of stubs of Cloudflare Workers' own RPC. `@cloudflare/workers-types` marks them by a
 * property, so they are recognised without a dependency on that package.
 */
export interface WorkersStubBrand<T> {
  readonly __RPC_STUB_BRAND: T;
}

/** The classes of Cloudflare Workers whose objects are passed by reference. */
type WorkersTarget =
  | { readonly __RPC_TARGET_BRAND: never }
  | { readonly __WORKER_ENTRYPOINT_BRAND: never }
  | { readonly __DURABLE_OBJECT_BRAND: never };

/**
 * A service binding, or the stub of a Durable Object. They have no class, but these two methods.
 */
interface WorkersService {
  fetch(...args: any): any;
  connect(...args: any): any;
}

/** A stub or promise of `T`, of this library or of Workers. */
export type AnyStub<T> = StubBrand<T> | WorkersStubBrand<T>;

/** Everything that is passed by reference, other than stubs. */
export type ByReference = TargetBrand | WorkersTarget | WorkersService | AnyFunction;

/** The keys of an object that a peer can't name: symbols, and the marks of Workers' classes. */
export type UnnamedKeys = symbol | `__${string}_BRAND`;

/** True if `T` is `any`. */
export type IsAny<T> = 0 extends 1 & T ? true : false;

/** True if `T` is `any` or `unknown`. */
export type IsUnknown<T> = unknown extends T ? true : false;
