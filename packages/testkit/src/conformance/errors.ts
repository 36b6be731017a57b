/** A peer didn't do what its transcript says. */
export class ConformanceError extends Error {
  get code(): "NOT_CONFORMING" {
    return "NOT_CONFORMING";
  }
}
