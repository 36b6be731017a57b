/** The two ends of a session. */
export const SIDES = ["server", "client"] as const;

export type Side = (typeof SIDES)[number];

/** The code of both ends. */
export type Program = Readonly<Record<Side, string>>;
