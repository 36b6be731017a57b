// The symbols are global, so that several copies of this package agree on them.

/**
 * The static method that recreates an object of a durable class, possibly in another process than
 * the one that sealed it. May be asynchronous. Throws to refuse.
 *
 * @example
 * ```ts
 * static async [restore]({ id }: { id: string }, { identity }: RestoreContext<User>) {
 *   const room = await rooms.find(id);
 *   if (!room.members.has(identity.name)) throw new Error("No longer a member.");
 *   return new Room(room, identity);
 * }
 * ```
 */
export const restore: unique symbol = Symbol.for("capnweb.restore") as never;

/**
 * The method that returns the params from which {@link restore} recreates an object: a value that
 * can travel. Stubs and targets in it are sealed along with it, so they must be durable too.
 *
 * @example
 * ```ts
 * [restoreParams]() {
 *   return { id: this.#id };
 * }
 * ```
 */
export const restoreParams: unique symbol = Symbol.for("capnweb.restoreParams") as never;

/**
 * An optional static method that lets tokens share one live object. Gets the arguments of
 * {@link restore}. Tokens for which it returns the same text get stubs of the same object, as long
 * as any stub of it is left. `undefined` means an object of its own.
 *
 * The object was recreated for the first of these tokens. If it depends on the identity or another
 * part of the context, put that part into the text. Stubs in the params haven't settled yet.
 *
 * @example
 * ```ts
 * static [shareKey]({ id }: { id: string }, { identity }: RestoreContext<User>) {
 *   return JSON.stringify([id, identity.name]);
 * }
 * ```
 */
export const shareKey: unique symbol = Symbol.for("capnweb.shareKey") as never;

/** The facts that a class gets about the token whose object it recreates. */
export interface RestoreContext<I = undefined> {
  /** The identity that `unseal()` was given: the user that the application has authorized. */
  readonly identity: I;
  /** The audience of the token; `undefined` if it has none. */
  readonly audience: string | undefined;
  /** The owner of the token; `undefined` if it has none. */
  readonly owner: string | undefined;
  /** The id of the token. It isn't secret, so logs may have it. */
  readonly tokenId: string;
  /** The time at which the token was sealed, in milliseconds since 1970. */
  readonly issued: number;
  /** The time at which the token expires, in milliseconds since 1970. */
  readonly expires: number;
  /** Aborted when the object is no longer wanted, because it took too long. */
  readonly signal: AbortSignal;
}

/** An object that can be sealed: an instance of a durable class. */
export interface DurableTarget {
  [restoreParams](): unknown;
}

/**
 * A class whose objects can be sealed and recreated: an `RpcTarget` class with {@link restore} and
 * {@link restoreParams}.
 *
 * A record may stand in place of a class whose objects need state of the server, such as a
 * database. Its `[restore]` is then a closure.
 *
 * @typeParam I the identities that `unseal()` is given
 *
 * @example
 * ```ts
 * const room: DurableClass = {
 *   name: "Room",
 *   prototype: Room.prototype,
 *   [restore]: ({ id }: { id: string }) => new Room(database, id),
 * };
 * const durable = new Durable({ classes: { room }, keys });
 * ```
 */
export interface DurableClass<I = any> {
  readonly prototype: DurableTarget;
  readonly name: string;
  [restore](params: any, context: RestoreContext<I>): object | PromiseLike<object>;
  [shareKey]?(params: any, context: RestoreContext<I>): string | undefined;
}
