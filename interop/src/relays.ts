import { MessageChannel, type MessagePort } from "node:worker_threads";
import { FrameDecoder, FrameEncoder } from "@capnweb/wire";
import { WebSocket } from "ws";

const CHUNK = 64 * 1024;
const LARGEST = 256 * 1024 * 1024;

/**
 * The port of a session whose peer is at the other end of a WebSocket. Messages are passed on as
 * they are, between text and trees.
 */
export function portTo(socket: WebSocket): MessagePort {
  const { port1: relay, port2: session } = new MessageChannel();
  socket.setMaxListeners(0);
  relay.on("message", (message) => {
    if (message === null) socket.close();
    else send(socket, JSON.stringify(asText(message)));
  });
  relay.on("close", () => socket.close());
  socket.on("message", (data) => {
    try {
      relay.postMessage(asTree(String(data)));
    } catch {
      // No port carries a tree that is nested so deeply.
      socket.close();
    }
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    relay.postMessage(null);
    relay.close();
  });
  return session;
}

/** The byte streams of a session whose peer is at the other end of a WebSocket. */
export function streamsTo(socket: WebSocket) {
  const encoder = new FrameEncoder(CHUNK);
  const decoder = new FrameDecoder(LARGEST);
  let isOver = false;
  socket.on("error", () => {});
  socket.setMaxListeners(0);
  const readable = new ReadableStream<Uint8Array>({
    start(controller) {
      socket.on("message", (data) => {
        if (isOver) return;
        encoder.push(String(data));
        for (let chunk = encoder.take(); chunk !== undefined; chunk = encoder.take()) {
          controller.enqueue(chunk);
        }
      });
      socket.on("close", () => {
        if (!isOver) controller.close();
        isOver = true;
      });
    },
    cancel() {
      isOver = true;
      socket.close();
    },
  });
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) =>
      decoder.push(chunk, (message) => {
        // An empty frame only shows that its sender is there.
        if (message !== "") send(socket, String(message));
      }),
    close: () => socket.close(),
    abort: () => socket.close(),
  });
  return { readable, writable };
}

function send(socket: WebSocket, text: string): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(text);
  else if (socket.readyState === WebSocket.CONNECTING) socket.once("open", () => socket.send(text));
}

/** A message as a tree. Text that isn't JSON stays text, which no session takes for a message. */
function asTree(text: string): unknown {
  try {
    // Between ports, `null` is the end of the session.
    return JSON.parse(text) ?? text;
  } catch {
    return text;
  }
}

/** A message as JSON. Values that are native in a tree become expressions. */
function asText(tree: unknown): unknown {
  if (tree === undefined) return ["undefined"];
  if (typeof tree === "bigint") return ["bigint", String(tree)];
  if (typeof tree === "number" && !Number.isFinite(tree)) {
    return [Number.isNaN(tree) ? "nan" : tree > 0 ? "inf" : "-inf"];
  }
  if (tree instanceof Date) return ["date", Number.isNaN(tree.getTime()) ? null : tree.getTime()];
  if (Array.isArray(tree)) {
    const [tag, bytes, ...rest] = tree;
    if (tag === "bytes" && bytes instanceof Uint8Array) {
      return [tag, Buffer.from(bytes).toString("base64").replace(/=+$/, ""), ...rest];
    }
    return tree.map(asText);
  }
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, each]) => [key, asText(each)]));
}
