import type { ContestantName } from "../contestants/index.ts";

/** One of the two versions that are compared. */
export interface Subject {
  /** Its name within the processes of a comparison. */
  readonly name: "base" | "new";
  /** The path of the module of its participant. */
  readonly module: string;
  readonly contestant: ContestantName;
}

export type Subjects = readonly [base: Subject, fresh: Subject];
