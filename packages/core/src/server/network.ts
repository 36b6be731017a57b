/** The number of groups, of an IPv6 address's eight, that identify the network: 64 bits. */
const NETWORK_GROUPS = 4;

/** An IPv4 address as IPv6 sockets give it. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * The network that an address counts as. For an IPv6 address, it is the first 64 bits. A client has
 * a whole network of that size (RFC 6177), and can use a new address each time. An IPv4 address
 * counts by itself, even if it is mapped to IPv6. Any other text stays unchanged, and so does
 * `undefined`, for an unknown address.
 *
 * @example
 * ```ts
 * networkOf("2001:db8:1:2:3:4:5:6"); // "2001:db8:1:2::"
 * networkOf("::ffff:192.0.2.1"); // "192.0.2.1"
 * ```
 */
export function networkOf(address: string): string;
export function networkOf(address: string | undefined): string | undefined;
export function networkOf(address: string | undefined): string | undefined {
  // IPv4, which needs no match with the pattern below.
  if (!address?.includes(":")) return address;
  const mapped = MAPPED.exec(address);
  if (mapped) return mapped[1]!;
  // A zone names an interface of this machine.
  const [numbers = ""] = address.split("%");
  if (!/^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(numbers)) return address;
  const groups = groupsOf(numbers);
  if (!groups) return address;
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => Number.parseInt(group, 16));
  return `${network.map((group) => group.toString(16)).join(":")}::`;
}

/** The eight groups of an IPv6 address, whose last two may be written as IPv4. */
function groupsOf(address: string): string[] | undefined {
  const [head = "", tail, ...others] = address.split("::");
  if (others.length > 0) return undefined;
  const before = partsOf(head);
  const after = partsOf(tail ?? "");
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...new Array<string>(missing).fill("0"), ...after];
  // The network is in the first four groups, which contain no dots.
  return groups.slice(0, NETWORK_GROUPS).every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups
    : undefined;
}

function partsOf(text: string): string[] {
  if (text === "") return [];
  // Dotted numbers take the place of two groups.
  return text.split(":").flatMap((part) => (part.includes(".") ? [part, part] : [part]));
}
