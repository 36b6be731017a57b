/** A batched function didn't return one result for each key. */
export class BatchError extends TypeError {
  /** The same for every error of this class. */
  get code(): "BATCH" {
    return "BATCH";
  }
}
