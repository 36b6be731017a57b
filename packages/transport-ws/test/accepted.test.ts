// The side that accepted a socket announces its extensions second.
import { expect, test } from "vitest";
import { newWebSocketRpcSession } from "../src/index.ts";

class OpenSocket extends EventTarget {
  readonly readyState = 1;
  readonly url: string;
  readonly sent: string[] = [];
  constructor(url: string) {
    super();
    this.url = url;
  }
  send(message: string) {
    this.sent.push(message);
  }
  close() {}
}

test("a session on an accepted socket, which has no URL, says nothing before its peer does", () => {
  const socket = new OpenSocket("");
  newWebSocketRpcSession(socket, { add: () => 3 });
  expect(socket.sent).toEqual([]);
  const announcement = new OpenSocket("ws://example.com/");
  newWebSocketRpcSession(announcement);
  expect(announcement.sent).toHaveLength(1);
  socket.dispatchEvent(new MessageEvent("message", { data: announcement.sent[0]! }));
  expect(socket.sent).toHaveLength(1);
});
