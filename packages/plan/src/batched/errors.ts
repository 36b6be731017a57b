import { CodedTypeError } from "@capnweb/wire/coded";

/** A batched function didn't return one result for each key. */
export class BatchError extends CodedTypeError {
  /** The same for every error of this class. */
  get code(): "BATCH" {
    return "BATCH";
  }
}
