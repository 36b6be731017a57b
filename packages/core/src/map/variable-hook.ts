import { MapError } from "../errors.ts";
import { ErrorHook, type PropertyPath, type Puller, StubHook, type Unregister } from "../hook.ts";

/** What a recorder offers the placeholders it hands out. */
export interface VariableOwner {
  /** Records reading a property of `variable`; gives the variable of the result. */
  recordGet(variable: VariableHook, path: PropertyPath): StubHook;
}

/**
 * A placeholder in a recorded `map()` callback: the input, or the result of a recorded call. There is
 * no value behind it, so all that can be done with it is to record what is done with it.
 */
export class VariableHook extends StubHook {
  readonly owner: VariableOwner;
  /** What instructions call it: 0 is the input, k > 0 the result of instruction k. */
  readonly id: number;

  constructor(owner: VariableOwner, id: number) {
    super();
    this.owner = owner;
    this.id = id;
  }

  protected override deliverCall(): StubHook {
    throw placeholderError();
  }

  protected override deliverMap(): StubHook {
    throw placeholderError();
  }

  override get(path: PropertyPath): StubHook {
    return path.length === 0 ? this : this.owner.recordGet(this, path);
  }

  override dup(): StubHook {
    return this;
  }

  override pull(puller: Puller): void {
    puller.reject(placeholderError());
  }

  override onBroken(callback: (error: unknown) => void): Unregister {
    return new ErrorHook(placeholderError()).onBroken(callback);
  }

  override dispose(): void {}
}

/** What using a placeholder outside its callback fails with. */
export function placeholderError(): MapError {
  return new MapError(
    "Attempted to use an abstract placeholder from a mapper function. Please make sure your map " +
      "function has no side effects.",
  );
}
