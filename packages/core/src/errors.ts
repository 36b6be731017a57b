/**
 * The errors that this package raises itself, as opposed to those that applications throw and the
 * protocol carries.
 *
 * `code` sits on the prototype and `name` stays that of the built-in class: own enumerable
 * properties of an error travel with it, and an unknown name would decode as a plain `Error`.
 */

/** A stub, a promise, or something behind one was used after it had been disposed. */
export class DisposedError extends Error {
  get code(): "DISPOSED" {
    return "DISPOSED";
  }

  static stub(): DisposedError {
    return new DisposedError("Attempted to use RPC stub after it has been disposed.");
  }

  static hook(): DisposedError {
    return new DisposedError("Attempted to use an RPC StubHook after it was disposed.");
  }

  static importHook(): DisposedError {
    return new DisposedError("This RpcImportHook was already disposed.");
  }
}

/** A pending call's promise was disposed before the result came. */
export class CanceledError extends Error {
  get code(): "CANCELED" {
    return "CANCELED";
  }

  constructor() {
    super("RPC was canceled because the RpcPromise was disposed.");
  }
}

/** The session is over because the application disposed of its main stub. */
export class SessionError extends Error {
  get code(): "SESSION_DISPOSED" {
    return "SESSION_DISPOSED";
  }

  constructor() {
    super("RPC session was shut down by disposing the main stub");
  }
}

/** What a path names can't be called, or can't be reached. */
export class PathError extends TypeError {
  get code(): "PATH" {
    return "PATH";
  }

  static notAFunction(path: readonly (string | number)[]): PathError {
    return new PathError(`'${path.join(".")}' is not a function.`);
  }

  static nothingThere(key: string | number): PathError {
    return new PathError(`Cannot read properties of undefined (reading '${key}')`);
  }

  static instanceProperty(key: string | number): PathError {
    return new PathError(
      `Attempted to access property '${String(key)}', which is an instance property of the ` +
        "RpcTarget. To avoid leaking private internals, instance properties cannot be accessed " +
        "over RPC. If you want to make this property available over RPC, define it as a method " +
        "or getter on the class, instead of an instance property.",
    );
  }
}

/** A `map()` callback did something that can't be recorded. */
export class MapError extends Error {
  get code(): "MAP" {
    return "MAP";
  }
}
