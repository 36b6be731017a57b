/**
 * Legal behaviour in which implementations differ. A peer with such a habit is accepted as
 * "non-strict". A strict run demands the recorded behaviour.
 */
export type Habit =
  | "wording"
  | "null for undefined"
  | "export ids"
  | "property as a get"
  | "body as text"
  | "final newline";

/** The description of every {@link Habit} in reports. */
export const HABITS: Readonly<Record<Habit, string>> = {
  wording: "words errors that it raises itself in its own way",
  "null for undefined":
    "gives null for undefined as the result of a stream's write, close or abort",
  "export ids": "chooses ids for its exports in its own way, or uses them again",
  "property as a get": "sends a promise's property as a get, and refers to its id",
  "body as text": "sends the body of a Request or Response as text or bytes instead of a stream",
  "final newline": "ends a batch with a newline",
};
