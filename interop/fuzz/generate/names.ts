/** The methods of the application under attack, and of streams. */
export const METHODS = [
  ..."echo later wrap twice keep give drop awaited property call callLater callTwice ignore".split(
    " ",
  ),
  ..."hang fail failLater bad badLater badWith target targets callback promise stream sink".split(
    " ",
  ),
  ..."blob response read readOne write size broken map list disposed self throwing big".split(" "),
  ..."write close abort then data child getter constructor dup inError soon never".split(" "),
  ..."dead dying dies diesLater".split(" "),
  ..."context obey callInTime".split(" "),
  ..."promises promisesLater promiseOf callWithPromises boxed boxedWithTwice".split(" "),
];

/** Names of properties. Many have a special meaning somewhere. */
export const PROPERTIES = [
  ..."a b x then data child getter throwing list value length name message cause stack".split(" "),
  ..."errors toJSON __proto__ constructor hasOwnProperty toString dup write catch finally".split(
    " ",
  ),
  ..."map 0 1 -1 prototype pull start onRpcBroken soon never error cause promises promise".split(
    " ",
  ),
];
