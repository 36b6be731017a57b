import type { SlotRead, Variable } from "./tree.ts";

/** The slots of one activation: of the plan, or of an element that runs concurrently. */
export class FrameShape {
  readonly depth: number;
  slots = 0;

  constructor(depth: number) {
    this.depth = depth;
  }
}

interface Place {
  readonly frame: FrameShape;
  readonly slot: number;
}

/** The results and variables that the steps of a block may use. */
export class Scope {
  readonly frame: FrameShape;
  /** The number of blocks around this one. */
  readonly nesting: number;
  /** True in the body of a loop, and in the branches of an `if` there. */
  readonly isInLoop: boolean;
  readonly #outer: Scope | undefined;
  readonly #results = new Map<number, Place>();
  readonly #variables = new Map<string, Place>();

  constructor(outer?: Scope, frame = outer?.frame ?? new FrameShape(0), isInLoop = false) {
    this.#outer = outer;
    this.frame = frame;
    this.isInLoop = isInLoop;
    this.nesting = outer ? outer.nesting + 1 : 0;
  }

  /** A place for a value that no step can name. */
  reserve(): number {
    return this.frame.slots++;
  }

  addResult(number: number, slot: number): void {
    this.#results.set(number, { frame: this.frame, slot });
  }

  /** Declares a variable. */
  declare(name: string): Variable {
    const slot = this.reserve();
    this.#variables.set(name, { frame: this.frame, slot });
    return { name, slot };
  }

  /** True if this block itself has declared the variable. */
  hasOwn(name: string): boolean {
    return this.#variables.has(name);
  }

  result(number: number): SlotRead | undefined {
    return this.#read(`#${number}`, (scope) => scope.#results.get(number));
  }

  variable(name: string): SlotRead | undefined {
    return this.#read(name, (scope) => scope.#variables.get(name));
  }

  #read(label: string, find: (scope: Scope) => Place | undefined): SlotRead | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.#outer) {
      const place = find(scope);
      if (!place) continue;
      const up = this.frame.depth - place.frame.depth;
      return { kind: "slot", up, index: place.slot, label };
    }
    return undefined;
  }
}
