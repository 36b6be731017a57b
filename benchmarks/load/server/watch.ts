import { performance } from "node:perf_hooks";

/** The strain on a process over a time. */
export interface Strain {
  /** The largest resident memory, in bytes, garbage included. */
  readonly peakRss: number;
  /** Processor time in milliseconds, of all threads. */
  readonly processorTime: number;
  /** The same as a share of one core: 0.8 for 80 %. */
  readonly processor: number;
  /** The share of the time in which the event loop was busy. */
  readonly busy: number;
}

/** Milliseconds between two looks at the memory. */
const STEP = 100;

/** Watches this process until it is told to stop. */
export class Watch {
  readonly #since = performance.now();
  readonly #processor = process.cpuUsage();
  readonly #loop = performance.eventLoopUtilization();
  readonly #timer = setInterval(() => this.#look(), STEP);
  #peakRss = 0;

  stop(): Strain {
    clearInterval(this.#timer);
    this.#look();
    const { user, system } = process.cpuUsage(this.#processor);
    const processorTime = (user + system) / 1000;
    return {
      peakRss: this.#peakRss,
      processorTime,
      processor: processorTime / (performance.now() - this.#since),
      busy: performance.eventLoopUtilization(this.#loop).utilization,
    };
  }

  #look(): void {
    this.#peakRss = Math.max(this.#peakRss, process.memoryUsage.rss());
  }
}
