import { seededRandom } from "../../link/random.ts";

/**
 * Parts of sensible sequences. `#` stands for the id of a result, `@` for an id of the attacker's.
 */
const EXPRESSIONS = [
  "0",
  '"text"',
  '[["a",["pipeline",#]]]',
  '{"a":["pipeline",#],"then":["export",@]}',
  '["pipeline",#]',
  '["import",#]',
  '["pipeline",#,["a"]]',
  '["pipeline",#,["echo"],[["pipeline",#]]]',
  '["pipeline",0,["echo"],[["promise",@]]]',
  '["pipeline",0,["later"],[["promise",@]]]',
  '["pipeline",0,["wrap"],[["import",#],["export",@]]]',
  '["pipeline",0,["sink"],[["readable",#]]]',
  '["import",#,["x"],[["writable",@]]]',
  '["remap",#,[],[["import",#]],[["pipeline",-1,["x"],[["pipeline",0]]]]]',
  '["remap",#,[],[],[["remap",0,[],[],[["pipeline",0]]]]]',
  '["error","Error","m",null,{"a":["pipeline",#]}]',
  '["promise",@]',
  '["export",@]',
  '["writable",@]',
  '["blob","",["readable",#]]',
];

const MESSAGES = [
  '["push",?]',
  '["push",?]',
  '["push",?]',
  '["stream",?]',
  '["pipe"]',
  '["pull",#]',
  '["resolve",@,?]',
  '["resolve",@,?]',
  '["reject",@,["error","Error","m"]]',
  '["release",#,1]',
  '["stream",["pipeline",#,["write"],[?]]]',
  '["stream",["pipeline",#,["close"],[]]]',
];

/** Sequences of mostly sensible messages. The same seed gives the same sequences. */
export function* mutations(seed: number, sequences: number): Generator<string[]> {
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
  const small = () => Math.floor(random() * 6) + 1;
  const filledIn = (text: string) =>
    text.replace(/#/g, () => String(small())).replace(/@/g, () => String(-small()));
  for (let i = 0; i < sequences; i++) {
    const sequence: string[] = [];
    for (let length = 5 + small() * 4; length > 0; length--) {
      const message = filledIn(pick(MESSAGES).replace("?", () => pick(EXPRESSIONS)));
      const cut = Math.floor(random() * message.length);
      // Breaks one message in fifty. A broken message ends the session.
      sequence.push(random() < 0.02 ? message.slice(0, cut) + message.slice(cut + 1) : message);
    }
    yield sequence;
  }
}
