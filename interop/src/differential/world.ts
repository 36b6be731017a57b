import type { Implementation } from "../implementation.ts";
import type { Connection } from "./connections.ts";

/** The surroundings of one run of a program, with one implementation on both sides. */
export interface World {
  readonly rpc: Implementation;
  readonly link: Connection;
  /** The client's stub of the server's main object; see `server.ts`. */
  readonly api: any;
  /** Makes the place's value, as the server's methods return it. Set by the place. */
  give: () => unknown;
  /** Uses a value at the server. Set by the place. */
  take: (value: any) => unknown;
  /** Notes an event that a program would observe. */
  note(event: string): void;
  /** Notes the disposal of the server's main object. */
  mainDisposed(): void;
  /** Notes the disposal of a target. */
  disposed(name: string): void;
}

/** A kind of value. Each call makes a new one. */
export interface Kind {
  readonly name: string;
  make(world: World): unknown;
}

/** A way for a value to get from one side to the other. */
export interface Place {
  readonly name: string;
  /** Hands the value that `make` makes to `use`, on the other side. */
  run(world: World, make: () => unknown, use: (value: any) => Promise<unknown>): unknown;
}

/** An operation on a value that arrived, or on a promise of it. */
export interface Operation {
  readonly name: string;
  run(world: World, value: any): Promise<unknown>;
}
