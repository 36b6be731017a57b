import { innerSession, type RpcSession } from "../rpc-session.ts";
import type { RpcSessionStats } from "../session/base-session.ts";

/** The load of a session at one moment. */
export interface SessionLoad extends RpcSessionStats {
  /** The peer's calls that are under way. */
  readonly calls: number;
  /** The bytes that the session holds for the peer, as `limits.maxHeldBytes` counts them. */
  readonly heldBytes: number;
}

/** Returns the load of a session. It takes the same time for every session. */
export function sessionLoad(session: RpcSession<any>): SessionLoad {
  const { calls, held } = innerSession(session);
  return { ...session.getStats(), calls: calls.count, heldBytes: held.total };
}
