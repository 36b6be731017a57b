/** The reason why a step can't run yet. The step is run again once it is over. */
export abstract class Wait {
  /** Never rejects. */
  abstract readonly done: Promise<void>;
}

/** A pause for other work of the process. */
export class Rest extends Wait {
  readonly done: Promise<void>;

  /** @param pause resolves when the work may go on */
  constructor(pause: Promise<void>) {
    super();
    this.done = pause;
  }
}
