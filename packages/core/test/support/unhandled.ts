import { vi } from "vitest";
import { settle } from "./pair.ts";

/** The unhandled rejections while `act` ran, and until all its effects were done. */
export async function unhandledRejections(act: () => unknown): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", note);
  try {
    await act();
    await settle();
  } finally {
    process.off("unhandledRejection", note);
    for (const other of others) process.on("unhandledRejection", other);
  }
  return unhandled;
}

/** The errors printed to the console while `act` ran, and until all its effects were done. */
export async function printedErrors(act: () => unknown): Promise<unknown[]> {
  const printed: unknown[] = [];
  const spy = vi.spyOn(console, "error").mockImplementation((_text, error) => {
    printed.push(error);
  });
  try {
    await act();
    await settle();
  } finally {
    spy.mockRestore();
  }
  return printed;
}
