import { RpcTarget } from "@capnweb/core";
import { type HostedSession, RpcHost, type SessionRequest } from "@capnweb/host";

/** The main object of a host's clients. */
class Member extends RpcTarget {
  readonly #name: string;
  readonly #session: HostedSession;

  constructor(name: string, session: HostedSession) {
    super();
    this.#name = name;
    this.#session = session;
  }

  describe() {
    const { medium, identity, state, address } = this.#session;
    return [this.#name, medium, identity, state, address];
  }

  /** Calls the client back. */
  call(callback: (value: number) => unknown, value: number) {
    return callback(value);
  }

  never() {
    return new Promise(() => {});
  }
}

/** Requests whose decision waits until their client has left. */
let undecided = 0;

async function authorize({ url }: SessionRequest) {
  const { searchParams } = new URL(url, "http://localhost");
  if (searchParams.has("slow")) {
    undecided++;
    await new Promise((resolve) => setTimeout(resolve, 500));
    undecided--;
  }
  const name = searchParams.get("name");
  return name ? { context: name, identity: name } : { status: 401, reason: "Give a name." };
}

/** The host of the servers of all runtimes. */
export const makeHost = (resume: boolean) =>
  new RpcHost({
    authorize,
    createMain: (name: string, { session }) => new Member(name, session),
    maxSessionsPerAddress: 3,
    openTimeout: 2_000,
    resume: resume && {},
    onError() {},
  });

/** Answers the requests of a test, by their path. */
export async function control(host: RpcHost, path: string): Promise<unknown> {
  if (path === "/drain") return host.drain({ deadline: 1_000, reason: "We deploy." });
  if (path === "/size") return { size: host.size, listed: [...host.sessions].length, undecided };
  return undefined;
}
