import type { Random } from "../random.ts";

/**
 * Placeholders for ids that only the run knows, because the session under attack chose them: those
 * of its own exports, and of its calls that wait for an answer. See `targets/sent.ts`.
 */
export const OURS = -900_000;
export const CALLS = 900_000;
/** The number of each that can be named. */
export const PLACES = 8;

/** The attacker's model of both tables. Ids are named from the attacker's point of view. */
export class Ids {
  /** True if the run replaces {@link OURS} and {@link CALLS} with ids. */
  readonly #hasPlaceholders: boolean;
  /** The number of pushes, streams and pipes sent. */
  sent = 0;
  /** Our exports that the attacker holds, including ids that we chose. */
  readonly live: number[] = [0];
  /** The attacker's exports that were introduced. */
  introduced = 0;
  readonly stubs: number[] = [];
  readonly pipes: number[] = [];
  readonly unclaimed: number[] = [];
  /** The number of calls that our application has made. */
  acts = 0;

  /** True if the messages are text, which may hold documents. */
  readonly isText: boolean;

  constructor(hasPlaceholders: boolean, isText = true) {
    this.isText = isText;
    this.#hasPlaceholders = hasPlaceholders;
  }

  /**
   * An import of the attacker's: one that exists, has been released, was chosen by us, or never
   * was.
   */
  referred(random: Random): number {
    const choice = random.next();
    if (choice < 0.3) return 0;
    if (choice < 0.8) return random.pick(this.live);
    if (choice < 0.99) {
      return this.#hasPlaceholders ? OURS - random.int(PLACES) : random.pick(this.live);
    }
    return random.chance(0.7) ? 1 + random.int(this.sent + 1) : random.pick(ODD);
  }

  /** A stub of the attacker's, new or not. */
  stub(random: Random): number {
    if (random.chance(0.003)) return this.#anyOwn(random);
    if (this.stubs.length > 0 && random.chance(0.3)) return random.pick(this.stubs);
    const id = -++this.introduced;
    this.stubs.push(id);
    return id;
  }

  /** A promise of the attacker's. Introducing one twice is an error. */
  promise(random: Random): number {
    return random.chance(0.003) ? this.#anyOwn(random) : -++this.introduced;
  }

  #anyOwn(random: Random): number {
    return random.chance(0.8) ? -1 - random.int(this.introduced + 2) : random.pick(ODD);
  }

  /** The export that a `resolve` or `reject` names: an earlier promise, or a call of ours. */
  settled(random: Random): number {
    if (this.acts > 0 && random.chance(0.6)) return CALLS + random.int(PLACES);
    const choice = random.next();
    if (choice < 0.98) return -1 - random.int(this.introduced + 1);
    return random.pick(ODD);
  }

  /** A pipe to read. Each is given once, if one is left. */
  claimed(random: Random): number | undefined {
    if (random.chance(0.01)) return this.referred(random);
    const at = random.int(this.unclaimed.length);
    return this.unclaimed.splice(at, 1)[0];
  }

  pipe(): number {
    const id = this.push();
    this.pipes.push(id);
    this.unclaimed.push(id);
    return id;
  }

  push(): number {
    const id = ++this.sent;
    this.live.push(id);
    return id;
  }

  /** Removes an id from those that exist, and gives it. */
  released(random: Random): number {
    if (random.chance(0.01) || this.live.length < 2) return this.referred(random);
    const at = 1 + random.int(this.live.length - 1);
    const id = this.live.splice(at, 1)[0]!;
    for (const list of [this.pipes, this.unclaimed]) {
      if (list.includes(id)) list.splice(list.indexOf(id), 1);
    }
    return id;
  }
}

const ODD = [1, -1, 7, -7, 1000, 2 ** 31, -(2 ** 31), Number.MAX_SAFE_INTEGER, 0.5, 1e300];
