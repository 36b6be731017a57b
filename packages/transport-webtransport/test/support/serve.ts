import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { createDevCertificate } from "../../src/dev-certificate.ts";
import {
  newWebTransportRpcSession,
  type Served,
  type ServedSession,
  type ServeOptions,
  serveWebTransportRpc,
  type WebTransportSessionOptions,
} from "../../src/node.ts";
import { Api } from "./api.ts";

/** One certificate for all tests of a file. */
export const certificate = await createDevCertificate();

/** Options of a client that trusts the certificate. */
export const trusting: WebTransportSessionOptions = {
  serverCertificateHashes: [certificate.hash],
};

interface Started extends Partial<ServeOptions> {
  createMain?: (request: ServedSession, served: Served<any, any>) => unknown;
}

/** A server over HTTP/2, closed when the test is over. */
export async function serve({ createMain, ...options }: Started = {}) {
  const disposed: string[] = [];
  const { cert, privKey } = certificate;
  const server = await serveWebTransportRpc(
    { port: 0, host: "127.0.0.1", cert, privKey, http3: false, ...options },
    createMain ?? (() => new Api(disposed)),
  );
  onTestFinished(() => server.close(0));
  const url = `https://127.0.0.1:${server.address.port}/`;
  return {
    server,
    url,
    disposed,
    open: (more?: WebTransportSessionOptions, main?: unknown) =>
      newWebTransportRpcSession<Api>(url, main, { ...trusting, ...more }) as any,
  };
}

/** A TCP relay to a port, whose connections can be cut or delayed. */
export async function relay(port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const socket of [near, far]) {
      socket.setNoDelay();
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    close() {
      this.cut();
      server.close();
    },
  };
}

/** The error with which a session ended. */
export const broken = (api: any) => new Promise<any>((resolve) => api.onRpcBroken(resolve));
