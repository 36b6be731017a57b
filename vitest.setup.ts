import { vi } from "vitest";

// A test fails by what it finds, not by how long it takes to: on a busy machine a process takes seconds
// to start. What hangs still ends.
const timeout = 60_000;
vi.setConfig({ testTimeout: timeout, hookTimeout: timeout });

// After a second, these would give up.
const { waitFor, waitUntil } = vi;
vi.waitFor = (callback, options) => waitFor(callback, options ?? { timeout });
vi.waitUntil = (callback, options) => waitUntil(callback, options ?? { timeout });
