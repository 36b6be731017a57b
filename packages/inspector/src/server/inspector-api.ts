import { type RpcStub, RpcTarget } from "@capnweb/core";
import type { Recorder } from "../recording/recorder.ts";
import { type Callable, CallIt, type CallOutcome, type Roots } from "./call-it.ts";
import { type Batch, Feed } from "./feed.ts";
import type { FeedBudget } from "./feed-budget.ts";

/** The facts about an inspector that its page shows. */
export interface Description {
  /** A name for the title, such as the address of the target. */
  readonly title: string;
  readonly way: "server" | "proxy" | "file";
  /** True if the page may make calls. */
  readonly canCall: boolean;
  /** True if the recording has notes of the process: classes, stacks. */
  readonly hasDetails: boolean;
}

/** The parts that an inspector's page is served with. */
export interface Inspected {
  readonly recorder: Recorder;
  /** The time that the pages may take. */
  readonly budget: FeedBudget;
  readonly description: Description;
  /** The objects that the page may call; `undefined` if it may call none. */
  readonly roots?: Roots | undefined;
}

/** The main object of the inspector's page. */
export class InspectorApi extends RpcTarget {
  readonly #inspected: Inspected;
  readonly #calls: CallIt | undefined;
  readonly #feeds = new Set<Feed>();

  constructor(inspected: Inspected) {
    super();
    this.#inspected = inspected;
    const { roots } = inspected;
    this.#calls = roots && new CallIt(roots);
  }

  describe(): Description {
    return this.#inspected.description;
  }

  /**
   * Sends the recording, and its growth, to a function of the page.
   *
   * @returns once the page is gone
   */
  async watch(listener: RpcStub<(batch: Batch) => void>): Promise<void> {
    const { recorder, budget } = this.#inspected;
    const own = listener.dup();
    const feed = new Feed(recorder, budget, (batch) => own(batch));
    this.#feeds.add(feed);
    try {
      await feed.run();
    } catch {
      // The page is gone.
    } finally {
      this.#feeds.delete(feed);
      own[Symbol.dispose]();
    }
  }

  /** The objects that can be called. */
  callables(): readonly Callable[] {
    return this.#calls?.list() ?? [];
  }

  /** Calls an object; see {@link CallIt.call}. */
  async call(key: string, path: string, args: string): Promise<CallOutcome> {
    if (this.#calls) return this.#calls.call(String(key), String(path), String(args));
    return { ok: false, text: "This inspector has nothing to call.", stubs: [], time: 0 };
  }

  [Symbol.dispose](): void {
    for (const feed of this.#feeds) feed.stop();
    this.#calls?.dispose();
  }
}
