import { WebSocket } from "ws";

// Releases of the reference read these globals, which Node 20 doesn't have.
const globals = globalThis as { WebSocket?: unknown; navigator?: unknown };
globals.WebSocket ??= WebSocket;
globals.navigator ??= { userAgent: "Node.js" };
