import { ANNOUNCEMENT_ID } from "@capnweb/wire";
import { innerSession, type RpcSession } from "../rpc-session.ts";

/**
 * Tells a session's peer that this side is going to close the connection, so that the peer opens
 * another one first. A peer that hasn't announced extensions isn't told: it would ignore the
 * message, or answer it.
 *
 * @param deadline milliseconds until the connection is closed
 * @returns false if the peer hasn't announced extensions yet
 */
export function announceGoAway(session: RpcSession<any>, deadline: number): boolean {
  const { lifetime, negotiation, outbox, form } = innerSession(session);
  if (lifetime.over) return true;
  if (!negotiation.peerHasAnnounced) return false;
  const content = { capnweb: { goaway: { deadline: Math.round(deadline) } } };
  // In a frame of its own, which transports can read.
  outbox.flush();
  outbox.tell("reject", ANNOUNCEMENT_ID, form.operand(content));
  outbox.flush();
  return true;
}
