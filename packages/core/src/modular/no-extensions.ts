import { NO_FEATURES } from "../session/features.ts";
import type { SessionServices } from "../session/services.ts";
import { refuse } from "./missing-component.ts";

/** Announces nothing, so that the peer uses only the published protocol. */
export const negotiateNothing: SessionServices["negotiation"] = (transport, _limits, options) => {
  if (options.announce) refuse("announce", "extensions");
  return {
    announcement: undefined,
    isReply: false,
    features: { ...NO_FEATURES, calls: options.streamCalls ?? false },
    get peerHasAnnounced() {
      return transport.peerAnnounced === true;
    },
    take: () => undefined,
    isAnnouncement: () => false,
    read: () => undefined,
    heard() {},
    isAnswer: () => false,
  };
};
