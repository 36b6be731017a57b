import { ExpressionText, short } from "../messages/expression-text.ts";
import type { Redact } from "../messages/redact.ts";

const NONE = { ofReceiver: () => "<nothing>", ofSender: () => "<nothing>" };

/** Further members are left out. */
const MOST_MEMBERS = 8;

/** Tells an announcement, a context, or a control message of a transport. */
export function announcementText(value: unknown, redact: Redact): string {
  const members = Object.entries((value as { capnweb: Record<string, unknown> }).capnweb);
  const text = new ExpressionText(NONE, redact);
  return members
    .slice(0, MOST_MEMBERS)
    .map(([name, member]) => memberText(name, member, text))
    .join("; ");
}

function memberText(name: string, member: unknown, text: ExpressionText): string {
  if (name === "features") return `knows ${text.value(member, "", "value")}`;
  if (name === "context") {
    const isEmpty = Object.keys(Object(member)).length === 0;
    if (isEmpty) return "the calls from now on have no context";
    return `the context of the calls from now on: ${text.value(member, "", "metadata")}`;
  }
  if (name === "cancel") return `no longer waits for call #${text.value(member, "", "value")}`;
  return `${short(name)}: ${text.value(member, "", "value")}`;
}
