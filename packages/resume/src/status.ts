import { callListener } from "./listeners.ts";
import type { ResumeOptions, ResumeState, ResumeStateChange } from "./options.ts";

/** The state of the connecting side, which a listener follows. */
export class Status {
  readonly #options: ResumeOptions;
  #state: ResumeState = "connecting";
  /** Names the process or object that accepts; `undefined` until it has told. */
  epoch: string | undefined;

  constructor(options: ResumeOptions) {
    this.#options = options;
  }

  get state(): ResumeState {
    return this.#state;
  }

  /** Changes the state, and tells the listener. */
  become(state: ResumeState, outcome?: ResumeStateChange["outcome"], error?: unknown): void {
    this.#state = state;
    const change: ResumeStateChange = { state, outcome, epoch: this.epoch, error };
    callListener(() => this.#options.onStateChange?.(change), this.#options.onError);
  }
}
