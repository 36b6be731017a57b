import { createMemoryLink, type MemoryLink } from "@capnweb/testkit";
import type { Network } from "./network.ts";

/** A client that says anything, over one connection. */
export class RawClient {
  readonly link: MemoryLink;

  constructor(network: Network, info = network.info) {
    this.link = createMemoryLink();
    void network.accept(this.link.server as any, info);
  }

  /** Sends a control message. */
  control(capnweb: unknown): void {
    this.send(["reject", 2147483647, { capnweb }]);
  }

  send(message: unknown): void {
    this.link.client.send(JSON.stringify(message));
  }

  /** The next message from the server. */
  async next(): Promise<any> {
    return JSON.parse(await this.link.client.receive());
  }

  /** The next control message from the server. */
  async nextControl(): Promise<any> {
    const [, , { capnweb }] = await this.next();
    return capnweb;
  }

  /** Resolves with the reason, once the connection is closed. */
  async closed(): Promise<any> {
    for (;;) {
      try {
        await this.link.client.receive();
      } catch (reason) {
        return reason;
      }
    }
  }
}

/** A well-formed secret, by a letter. */
export const secret = (letter: string): string => letter.repeat(43);
