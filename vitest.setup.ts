import { vi } from "vitest";

// A high limit, because a process takes half a minute to start on a busy machine. Tests fail by
// their results, not by their duration. The limit ends a test that hangs.
const timeout = 180_000;
vi.setConfig({ testTimeout: timeout, hookTimeout: timeout });

// By default, these give up after a second, even if a test only sets their interval.
const { waitFor, waitUntil } = vi;
type WaitOptions = Parameters<typeof waitFor>[1];
const patient = (options: WaitOptions): WaitOptions =>
  typeof options === "number" ? options : { timeout, ...options };
vi.waitFor = (callback, options) => waitFor(callback, patient(options));
vi.waitUntil = (callback, options) => waitUntil(callback, patient(options));
