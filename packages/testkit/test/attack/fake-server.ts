// A server with just enough of the protocol for the victim. Its first argument is the port, and its
// second one says how sound or weak it is.
import { createServer, type IncomingMessage } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";

const [port, mode] = process.argv.slice(2);
let leaked = 0;

const http = createServer((request, response) => {
  if (request.url === "/memory") response.end(JSON.stringify({ used: leaked }));
  else response.writeHead(404).end();
});

const sockets = new WebSocketServer({
  server: http,
  maxPayload: 100_000_000,
  verifyClient: ({ origin, req }: { origin?: string; req: IncomingMessage }) => {
    if (mode === "exclusive" && req.socket.remoteAddress === "127.0.0.2") return false;
    // Undefined if there is none, whatever the types say.
    return mode === "trusting" || origin === undefined;
  },
});

sockets.on("connection", (socket) => {
  let results = 0;
  socket.on("error", () => {});
  socket.on("message", (data) => {
    for (const text of String(data).split("\n")) {
      if (socket.readyState !== socket.OPEN) return;
      if (/^\["(push|stream|pipe)"/.test(text)) results++;
      answer(socket, text, results);
    }
  });
});

function answer(socket: WebSocket, text: string, results: number): void {
  if (mode === "blocking" && text.includes("remap")) while (true);
  if (mode === "ending" && text === '["pipe"]') process.exit(3);
  if (mode === "leaking" && text.length > 100_000) leaked += 100_000_000;
  if (mode === "losing" && text.includes("bigint")) {
    for (const each of sockets.clients) each.terminate();
  }
  const pulled = /^\["pull",(\d+)\]$/.exec(text)?.[1];
  if (pulled !== undefined) {
    if (Number(pulled) <= results) socket.send(`["resolve",${pulled},1]`);
  } else if (mode === "stubborn" && !isSensible(text)) {
    socket.close(3000, "odd");
  }
}

function isSensible(text: string): boolean {
  return ['["push",0]', '["push",["pipeline",0,["echo"],[1]]]'].includes(text) || isRelease(text);
}

function isRelease(text: string): boolean {
  return /^\["release",\d+,1\]$/.test(text);
}

http.listen(Number(port), "127.0.0.1");
