import type { RpcStub } from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { type Notebook, Peer } from "./peer.ts";
import { type Members, Relay } from "./relay.ts";
import { listen } from "./server.ts";
import { withResolvers } from "./with-resolvers.ts";

/** Starts a relay. */
export async function startRelay() {
  const members: Members = new Map();
  const server = await listen((peer) => new Relay(members, peer));
  return {
    ...server,
    /** Connects a peer to the relay. The session ends when the returned stub is disposed of. */
    async join(peer: Peer): Promise<RpcStub<Relay>> {
      const relay = newWebSocketRpcSession<Relay>(server.url, peer);
      await relay.join(peer.name());
      return relay;
    },
  };
}

/** Connects three peers to a relay. They know each other only through introductions. */
export async function meetThroughRelay(): Promise<void> {
  const relay = await startRelay();
  const loan = withResolvers<RpcStub<Notebook>>();
  const back = withResolvers<void>();
  const ada = new Peer("Ada");
  const relayForAda = await relay.join(ada);
  const relayForBob = await relay.join(new Peer("Bob", { onReturn: back.resolve }));
  const relayForCarol = await relay.join(new Peer("Carol", { onLoan: loan.resolve }));

  // Ada borrows Bob's notebook, and hands it on to Carol. Then she leaves.
  const bobForAda = relayForAda.find("Bob");
  console.log(`Bob to Ada: ${await bobForAda.greet(ada)}`);
  const borrowed = bobForAda.lend();
  await borrowed.write("Ada was here.");
  await relayForAda.find("Carol").take(borrowed);
  relayForAda[Symbol.dispose]();

  // The notebook still works for Carol. Bob has it back once she disposes of it.
  const notebook = await loan.promise;
  await notebook.write("Carol was here.");
  console.log(`Carol reads: ${(await notebook.read()).join(" ")}`);
  notebook[Symbol.dispose]();
  await back.promise;
  console.log("Bob has the notebook back.");

  // The capabilities of a peer that leaves are broken.
  using bobForCarol = await relayForCarol.find("Bob");
  const hasLeft = relayForCarol.untilLeft("Bob").then(() => console.log("Bob has left."));
  relayForBob[Symbol.dispose]();
  await hasLeft;
  const answer = await bobForCarol.name().catch((error: Error) => error.message);
  console.log(`Carol calls Bob: ${answer}`);
  relayForCarol[Symbol.dispose]();
  relay.close();
}
