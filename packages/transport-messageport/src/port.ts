/** The part of a `MessagePort` that a transport needs. A browser's `Worker` has it too. */
export interface EventTargetPort {
  postMessage(message: unknown): void;
  addEventListener(type: any, listener: (event: any) => void): void;
  /** Starts delivery. Ports hold messages back until then; workers don't, and lack it. */
  start?(): void;
  close?(): void;
}

/** The part of a `Worker` of `node:worker_threads` that a transport needs. */
export interface EmitterPort {
  postMessage(message: unknown): void;
  on(event: any, listener: (value: any) => void): unknown;
  /** The worker's id, or -1 after it has exited. */
  readonly threadId?: number;
  start?(): void;
  close?(): void;
}

/** A port or a worker, of a browser or of `node:worker_threads`. */
export type MessagePortLike = EventTargetPort | EmitterPort;

/** The events of any kind of port. */
export interface PortEvents {
  /** Called with each message. */
  message(data: unknown): void;
  /** Called when the port can no longer carry messages. */
  closed(message: string, cause?: unknown): void;
}

/** A port that can keep its messages for later. */
export interface Holdable {
  pause(): void;
  resume(): void;
}

/**
 * Reports the events of `port` to `events`, and starts delivery.
 *
 * @returns `undefined` for a port that can't keep messages
 */
export function listen(port: MessagePortLike, events: PortEvents): Holdable | undefined {
  // Node's ports have both. Their own events have no event objects, and start the port.
  if ("addEventListener" in port) return listenToTarget(port, events);
  listenToEmitter(port, events);
  port.start?.();
  return undefined;
}

function listenToTarget(port: EventTargetPort, events: PortEvents): Holdable | undefined {
  let hasHeard = false;
  const onMessage = ({ data }: { data: unknown }) => {
    hasHeard = true;
    events.message(data);
  };
  port.addEventListener("message", onMessage);
  port.addEventListener("messageerror", () => events.closed("MessagePort message error."));
  // Node and newer browsers report it when the other end is gone.
  port.addEventListener("close", () => events.closed("The MessagePort was closed."));
  // A browser's worker survives an error, unless its script couldn't be loaded or started.
  port.addEventListener("error", (event: { message?: string; error?: unknown }) => {
    if (!hasHeard)
      events.closed(
        `The worker didn't start: ${event.message ?? "its script failed to load"}.`,
        event.error,
      );
  });
  port.start?.();
  return isPortOfNode(port) ? holdable(port, onMessage) : undefined;
}

/** A `MessagePort` of Node. */
interface PortOfNode extends EventTargetPort {
  removeEventListener(type: "message", listener: (event: any) => void): void;
  hasRef(): boolean;
  unref(): void;
}

function isPortOfNode(port: EventTargetPort): port is PortOfNode {
  const { versions } =
    (globalThis as { process?: { versions?: Record<string, string> } }).process ?? {};
  const isNode = versions?.["node"] !== undefined && !("bun" in versions) && !("deno" in versions);
  return isNode && "hasRef" in port && "removeEventListener" in port;
}

/**
 * Makes a port of Node keep its messages. It would otherwise deliver everything that waits in one
 * turn, which can be a million messages. Without a listener, Node's ports keep messages; other
 * ports drop them, but deliver one message per turn.
 */
function holdable(port: PortOfNode, onMessage: (event: any) => void): Holdable {
  let hadRef = true;
  return {
    pause() {
      hadRef = port.hasRef();
      port.removeEventListener("message", onMessage);
    },
    resume() {
      port.addEventListener("message", onMessage);
      if (!hadRef) port.unref();
    },
  };
}

function listenToEmitter(port: EmitterPort, events: PortEvents): void {
  port.on("message", (data) => events.message(data));
  port.on("messageerror", (error) => events.closed("MessagePort message error.", error));
  port.on("close", () => events.closed("The MessagePort was closed."));
  port.on("error", (error) => {
    const message = error instanceof Error ? error.message : String(error);
    events.closed(`The worker failed: ${message}`, error);
  });
  port.on("exit", (code) => events.closed(`The worker exited with code ${code}.`));
  if (port.threadId === -1) queueMicrotask(() => events.closed("The worker has exited."));
}
