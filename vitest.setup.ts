import { vi } from "vitest";

// A high limit, because a process takes seconds to start on a busy machine. Tests fail by their
// results, not by their duration. The limit ends a test that hangs.
const timeout = 60_000;
vi.setConfig({ testTimeout: timeout, hookTimeout: timeout });

// By default, these give up after a second.
const { waitFor, waitUntil } = vi;
vi.waitFor = (callback, options) => waitFor(callback, options ?? { timeout });
vi.waitUntil = (callback, options) => waitUntil(callback, options ?? { timeout });
