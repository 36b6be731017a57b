import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Deadlines, type Timed } from "../../src/call-context/deadlines.ts";

class Item implements Timed {
  place = -1;
  readonly deadline: number;
  readonly #log: number[];

  constructor(deadline: number, log: number[]) {
    this.deadline = deadline;
    this.#log = log;
  }

  expire(): void {
    this.#log.push(this.deadline);
  }
}

describe("Deadlines", () => {
  beforeEach(() => {
    // Not all: the end of a turn, which other files in this process measure, needs `setImmediate`.
    const toFake = ["Date", "setTimeout", "clearTimeout", "performance"] as const;
    vi.useFakeTimers({ now: 0, toFake: [...toFake] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("expires items in order with one timer, whatever the order of adding and removing", () => {
    const deadlines = new Deadlines();
    const log: number[] = [];
    const start = performance.now();
    let seed = 1;
    const random = (limit: number) => {
      seed = (seed * 48_271) % (2 ** 31 - 1);
      return seed % limit;
    };
    const items = Array.from({ length: 2_000 }, () => new Item(start + 1 + random(1_000), log));
    for (const item of items) deadlines.add(item);
    expect(vi.getTimerCount()).toBe(1);
    const kept = items.filter((item) => {
      const isKept = random(3) > 0;
      if (!isKept) deadlines.remove(item);
      return isKept;
    });
    vi.advanceTimersByTime(500);
    const due = kept.filter(({ deadline }) => deadline <= start + 500);
    expect(log.length).toBe(due.length);
    vi.advanceTimersByTime(600);
    const sorted = kept.map(({ deadline }) => deadline).sort((a, b) => a - b);
    expect(log).toEqual(sorted);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("waits for times beyond the longest timer", () => {
    const deadlines = new Deadlines();
    const log: number[] = [];
    const item = new Item(performance.now() + 2 ** 32, log);
    deadlines.add(item);
    vi.advanceTimersByTime(2 ** 31);
    expect(log).toEqual([]);
    vi.advanceTimersByTime(2 ** 31 + 10);
    expect(log).toEqual([item.deadline]);
  });

  it("handles items that are added or removed while others expire", () => {
    const deadlines = new Deadlines();
    const log: number[] = [];
    const now = performance.now();
    const later = new Item(now + 20, log);
    const gone = new Item(now + 10, log);
    const first = new Item(now + 10, log);
    first.expire = () => {
      log.push(-1);
      deadlines.add(later);
      deadlines.remove(gone);
    };
    deadlines.add(first);
    deadlines.add(gone);
    vi.advanceTimersByTime(30);
    expect(log.at(-1)).toBe(later.deadline);
    expect(log.filter((each) => each === -1).length).toBe(1);
  });

  it("ignores an item that is added or removed twice", () => {
    const deadlines = new Deadlines();
    const item = new Item(performance.now() + 10, []);
    deadlines.add(item);
    deadlines.add(item);
    deadlines.remove(item);
    deadlines.remove(item);
    expect(item.place).toBe(-1);
  });

  it("lets other work run between items that take long", async () => {
    vi.useRealTimers();
    const deadlines = new Deadlines();
    const deadline = performance.now() + 5;
    let expired = 0;
    let turns = 0;
    for (let i = 0; i < 5; i++) {
      deadlines.add({
        deadline,
        place: -1,
        expire() {
          expired++;
          const start = performance.now();
          while (performance.now() - start < 12);
        },
      });
    }
    while (expired < 5) {
      await new Promise((resolve) => setImmediate(resolve));
      if (expired > 0) turns++;
    }
    expect(turns).toBeGreaterThan(1);
  });
});
