/** The share of one session in the prepared plans of a runner. */
export class Holder {
  plans = 0;
  /** Bytes of its plans. */
  size = 0;
  hasEnded = false;
}
