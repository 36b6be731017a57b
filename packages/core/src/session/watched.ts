/** An import, as the safety net gives it up. */
export interface Watched {
  /** Notes that one of the import's references is unreachable and was never disposed of. */
  lose(): void;
}

/** The mark of a hook that is watched alone. */
export const WATCHED = Symbol();
