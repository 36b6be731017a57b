import { RpcTarget } from "@capnweb/core";
import {
  Durable,
  generateSecret,
  KeyRing,
  offerDurable,
  restore,
  restoreParams,
} from "@capnweb/durable";
import { ResumeAcceptor } from "@capnweb/resume";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { connect, type KeptToken } from "../src/index.ts";
import { settle } from "./support/fake-clock.ts";
import { Network, quick } from "./support/network.ts";

/** The names of the rooms that were listened to. */
const listeners: string[] = [];

class Room extends RpcTarget {
  readonly #name: string;
  constructor(name: string) {
    super();
    this.#name = name;
  }
  static [restore]({ name }: { name: string }) {
    return new Room(name);
  }
  [restoreParams]() {
    return { name: this.#name };
  }
  title() {
    return this.#name;
  }
  listen(_listener: () => void) {
    listeners.push(this.#name);
  }
}

function setUp() {
  const keys = new KeyRing([{ id: "1", secret: generateSecret() }]);
  const logins: string[] = [];
  listeners.length = 0;
  class User extends RpcTarget {
    async room() {
      return new Room("Kitchen");
    }
  }
  class Api extends RpcTarget {
    login(password: string) {
      logins.push(password);
      return new Room("Kitchen");
    }
    async user(password: string) {
      await settle();
      logins.push(password);
      return new User();
    }
    refuse(): Room {
      throw new Error("no");
    }
    get lobby() {
      return new Room("Lobby");
    }
  }
  const durable = () => new Durable({ classes: { room: Room }, keys });
  const server = { durable: durable() };
  const network = new Network(() => offerDurable(new Api(), server.durable));
  network.acceptor = new ResumeAcceptor();
  const open = () => {
    const connection = connect<Api>({ open: network.open, ...quick });
    onTestFinished(() => connection.close());
    return connection;
  };
  /** Starts the server again, in another process as it were. */
  const restart = () => {
    server.durable = durable();
    network.acceptor = new ResumeAcceptor();
    network.cut();
  };
  return { network, logins, listeners, open, restart, server };
}

describe("a kept stub of a server that offers tokens", () => {
  test("is there again after a restart, without another login", async () => {
    const { logins, open, restart } = setUp();
    const tokens: (KeptToken | undefined)[] = [];
    const room = open().keep((api) => api.login("secret"), {
      onToken: (token) => void tokens.push(token),
    });
    expect(await room.title()).toBe("Kitchen");
    await vi.waitFor(() => expect(tokens).toHaveLength(1));
    restart();
    expect(await room.title()).toBe("Kitchen");
    expect(logins).toEqual(["secret"]);
    // The token is good for another page, too.
    const other = open().keep((api) => api.login("unused"), { token: tokens[0] });
    expect(await other.title()).toBe("Kitchen");
    expect(logins).toEqual(["secret"]);
  });

  test("is there again without another login if it was derived by pipelining", async () => {
    const { logins, open, restart } = setUp();
    const connection = open();
    const onToken = vi.fn();
    const room = connection.keep((api) => api.user("secret").room(), { onToken });
    const lobby = connection.keep((api) => api.lobby, { onToken });
    const refused = connection.keep((api) => api.refuse(), { onToken });
    // Nothing awaits the rooms.
    await vi.waitFor(() => expect(onToken).toHaveBeenCalledTimes(2));
    for (let i = 0; i < 3; i++) {
      restart();
      expect(await room.title()).toBe("Kitchen");
      expect(await lobby.title()).toBe("Lobby");
    }
    expect(logins).toEqual(["secret"]);
    await expect(Promise.resolve(refused.title())).rejects.toMatchObject({ code: "DERIVATION" });
  });

  test("has effects of its own in each session, if these are kept by themselves", async () => {
    const { logins, listeners, open, restart } = setUp();
    const connection = open();
    const onToken = vi.fn();
    const room = connection.keep((api) => api.login("secret"), { onToken });
    connection.keep(() => room.listen(() => {}));
    await vi.waitFor(() => expect(onToken).toHaveBeenCalled());
    expect(listeners).toEqual(["Kitchen"]);
    restart();
    await room.title();
    await vi.waitFor(() => expect(listeners).toEqual(["Kitchen", "Kitchen"]));
    expect(logins).toEqual(["secret"]);
  });

  test("is derived again if its token is refused", async () => {
    const { logins, open, restart, server } = setUp();
    const tokens: (KeptToken | undefined)[] = [];
    const room = open().keep((api) => api.login("secret"), {
      onToken: (token) => void tokens.push(token),
    });
    await room.title();
    await vi.waitFor(() => expect(tokens).toHaveLength(1));
    restart();
    server.durable = new Durable({
      classes: { room: Room },
      keys: new KeyRing([{ id: "2", secret: generateSecret() }]),
    });
    expect(await room.title()).toBe("Kitchen");
    expect(logins).toEqual(["secret", "secret"]);
  });
});
