import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import type { Calculator } from "./calculator.ts";

/** Calculates on a server, and prints the results. */
export async function calculate(url: string): Promise<void> {
  using calculator = newWebSocketRpcSession<Calculator>(url);
  console.log(`2 + 3 = ${await calculator.add(2, 3)}`);

  // The sum is used before it has arrived, so both calls take one round trip.
  const sum = calculator.add(2, 3);
  console.log(`(2 + 3) × 4 = ${await calculator.multiply(sum, 4)}`);

  try {
    await calculator.divide(1, 0);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    console.log(`1 / 0 fails: ${message} (${code})`);
  }

  using mine = calculator.total();
  using other = calculator.total();
  await mine.add(10);
  console.log(`my total: ${await mine.add(5)}`);
  console.log(`another total: ${await other.add(1)}`);
}
