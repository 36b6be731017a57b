// HTTP/3 for tests of browsers: takes WebTransport sessions over QUIC, and relays each stream of
// theirs to a TCP port. Runs in Deno, which has QUIC; see RFC 9114, RFC 9220 and
// draft-ietf-webtrans-http3 for the bytes.
//
// The argument is JSON: { cert, privKey, port }. Says on standard output where it listens, and
// obeys a line "cut" on standard input, which breaks every connection. Ends with its input.

import { bytes, frame, Input } from "./http3-bytes.mts";

const DATA = 0x00;
const HEADERS = 0x01;
const SETTINGS = 0x04;
const WEBTRANSPORT_STREAM = 0x41;
const CONTROL_STREAM = 0x00;
const CLOSE_SESSION = 0x2843;

/** Code of a stream that was reset because its TCP connection was. */
const GONE = 1;

const { cert, privKey, port } = JSON.parse(Deno.args[0]);
const endpoint = new Deno.QuicEndpoint({ hostname: "127.0.0.1", port: 0 });
const listener = endpoint.listen({ cert, key: privKey, alpnProtocols: ["h3"] });
const connections = new Set<Deno.QuicConn>();
console.log(`listening on ${endpoint.addr.port}`);
obey();
for await (const incoming of listener) void serve(incoming);

async function obey() {
  const decoder = new TextDecoder();
  for await (const chunk of Deno.stdin.readable) {
    if (!decoder.decode(chunk).includes("cut")) continue;
    for (const each of connections) each.close({ closeCode: 0x102, reason: "cut" });
  }
  Deno.exit();
}

async function serve(incoming: Deno.QuicIncoming) {
  try {
    const connection = await incoming.accept();
    connections.add(connection);
    connection.closed.catch(() => {}).then(() => connections.delete(connection));
    const control = (await connection.createUnidirectionalStream()).getWriter();
    await control.write(bytes(CONTROL_STREAM, frame(SETTINGS, settings())));
    void drainAll(connection.incomingUnidirectionalStreams);
    const sessions = new Map<number, Set<Deno.TcpConn>>();
    for await (const stream of connection.incomingBidirectionalStreams) {
      void take(stream, sessions).catch(() => {});
    }
  } catch {
    // The client has left.
  }
}

/**
 * Announces extended CONNECT, datagrams, and WebTransport as its drafts of various ages name it.
 */
function settings(): Uint8Array {
  return bytes(0x08, 1, 0x33, 1, 0x2b603742, 1, 0xc671706a, 16, 0x2c7cf000, 1);
}

async function take(
  { readable, writable }: Deno.QuicBidirectionalStream,
  sessions: Map<number, Set<Deno.TcpConn>>,
) {
  const input = new Input(readable.getReader());
  const type = await input.varint();
  if (type === WEBTRANSPORT_STREAM) {
    const session = sessions.get(await input.varint());
    if (session !== undefined) await relay(input, writable.getWriter(), session);
  } else if (type === HEADERS) {
    await answer(input, writable.getWriter(), Number(writable.id), sessions);
  }
}

/**
 * Answers the request for a session, whatever it asks for, and ends the session's TCP connections
 * with it.
 */
async function answer(
  input: Input,
  writer: WritableStreamDefaultWriter<Uint8Array>,
  id: number,
  sessions: Map<number, Set<Deno.TcpConn>>,
) {
  const sockets = new Set<Deno.TcpConn>();
  sessions.set(id, sockets);
  // QPACK: no dynamic table, and ":status: 200" of the static one.
  await writer.write(frame(HEADERS, Uint8Array.of(0, 0, 0xd9)));
  try {
    await input.skip(await input.varint());
    await readUntilClosed(input);
  } catch {
    // The connection broke.
  }
  for (const socket of sockets) socket.close();
  sessions.delete(id);
  await writer.close();
}

/** Reads the request's stream to its end, or to the capsule that closes the session. */
async function readUntilClosed(input: Input) {
  while (!(await input.isAtEnd())) {
    const type = await input.varint();
    const length = await input.varint();
    if (type === DATA && (await input.varint()) === CLOSE_SESSION) return;
    if (type !== DATA) await input.skip(length);
  }
}

async function relay(
  input: Input,
  writer: WritableStreamDefaultWriter<Uint8Array>,
  session: Set<Deno.TcpConn>,
) {
  const socket = await Deno.connect({ hostname: "127.0.0.1", port });
  socket.setNoDelay();
  session.add(socket);
  await Promise.all([up(input, socket), down(socket, writer)]);
  session.delete(socket);
}

async function up(input: Input, socket: Deno.TcpConn) {
  const writer = socket.writable.getWriter();
  try {
    for (let chunk = await input.chunk(); chunk !== undefined; chunk = await input.chunk()) {
      await writer.write(chunk);
    }
    await socket.closeWrite();
  } catch {
    await writer.abort().catch(() => {});
  }
}

async function down(socket: Deno.TcpConn, writer: WritableStreamDefaultWriter<Uint8Array>) {
  try {
    const buffer = new Uint8Array(64 * 1024);
    for (let size = await socket.read(buffer); size !== null; size = await socket.read(buffer)) {
      await writer.write(buffer.slice(0, size));
    }
    await writer.close();
  } catch {
    await writer.abort(GONE).catch(() => {});
  }
}

async function drainAll(streams: ReadableStream<ReadableStream<Uint8Array>>) {
  try {
    for await (const stream of streams) void stream.pipeTo(new WritableStream()).catch(() => {});
  } catch {
    // The connection broke.
  }
}
