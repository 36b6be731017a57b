import { callOptions, type RpcStub } from "@capnweb/core";
import { type Connection, connect, DerivationError } from "@capnweb/reconnect";
import { webSocketTransport } from "@capnweb/transport-ws";
import type { Lobby, Member } from "../src/lobby.ts";
import { forgetToken, savedToken, saveToken } from "./saved-token.ts";

/** Milliseconds that a message waits for a connection: a member may be on a train. */
const PATIENCE = 10 * 60 * 1000;

/** The connection of the page, and the member that it is signed in as. Both last across outages. */
export class Session {
  readonly connection: Connection<Lobby>;
  /** The member in every session: by the password first, and by the token from then on. */
  readonly member: RpcStub<Member>;

  /** @param signIn the name and password; without them, the token of this tab is used */
  constructor(signIn?: { name: string; password: string }) {
    const url = new URL("api", location.href.replace(/^http/, "ws")).href;
    this.connection = connect<Lobby>({
      open: ({ signal }) => webSocketTransport(url, { signal }),
      offline: { maxAge: PATIENCE },
      backoff: { max: 3_000 },
    });
    this.member = this.connection.keep(
      (lobby) => {
        if (!signIn) throw new Error("Sign in again.");
        return lobby.signIn(signIn.name, signIn.password);
      },
      {
        token: signIn ? undefined : savedToken(),
        onToken: (token) => (token ? saveToken(token) : forgetToken()),
      },
    );
    // Others see at once that the page has gone. A page that comes back from the browser's cache
    // begins anew.
    addEventListener("pagehide", () => this.connection.close());
    addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  }

  /** Calls back if the server refuses the member, so that a sign-in is needed. */
  onEnd(callback: () => void): void {
    this.member.onRpcBroken((error) => {
      if (error instanceof DerivationError) callback();
    });
  }

  /** The server's message, without that of the connection around it. */
  reason(error: unknown): string {
    const { message } = (error instanceof DerivationError ? error.cause : error) as Error;
    return message;
  }

  /** Ends the login, or at least forgets it if the server can't be reached in time. */
  async signOut(): Promise<void> {
    forgetToken();
    await callOptions(this.member, { timeout: 5_000 })
      .signOut()
      .catch(() => {});
    this.close();
  }

  close(): void {
    this.connection.close();
  }
}
