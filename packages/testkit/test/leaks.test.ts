import { expect, test } from "vitest";
import { assertNoLeaks } from "../src/index.ts";

const holding = (...sizes: number[]) => ({
  getStats() {
    const size = sizes.length > 1 ? sizes.shift()! : sizes[0]!;
    return { imports: size, exports: 1 };
  },
});

test("assertNoLeaks waits for releases that are in flight", async () => {
  await assertNoLeaks([holding(1), holding(3, 2, 1)]);
});

test("assertNoLeaks names the numbers of references held", async () => {
  await expect(assertNoLeaks([holding(1), holding(3)], { within: 0 })).rejects.toMatchObject({
    code: "LEAK",
    message: "Expected 1 imports and exports in every session, got 1 and 1; 3 and 1.",
  });
});

test("assertNoLeaks can expect that a session which is over holds nothing", async () => {
  await assertNoLeaks([{ getStats: () => ({ imports: 0, exports: 0 }) }], { expected: 0 });
});
