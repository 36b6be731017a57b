import { shortened } from "../model/text.ts";

/** The name and the message of an error, which may be any value. Never throws. */
export function described(error: unknown): { name: string; message: string } {
  try {
    const { name, message } = Object(error) as { name?: unknown; message?: unknown };
    return {
      name: shortened(String(name ?? "(a value)"), 120),
      message: shortened(String(message ?? error), 500),
    };
  } catch {
    return { name: "(a value)", message: "It can't be shown." };
  }
}
