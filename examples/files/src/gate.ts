import { type RpcStub, RpcTarget } from "@capnweb/core";
import type { Directory } from "./directory.ts";
import type { Site } from "./site.ts";

/** The main object of each session. It gives nothing to a client without a link. */
export class Gate extends RpcTarget {
  readonly #site: Site;

  constructor(site: Site) {
    super();
    this.#site = site;
  }

  /**
   * The directory that a link is for. Its `access` tells whether it has the methods for writing.
   *
   * @param token from the link
   */
  async open(token: string): Promise<RpcStub<Directory>> {
    return await this.#site.durable.unseal<Directory>(token);
  }
}
