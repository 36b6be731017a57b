import type { RpcStub } from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { Peer } from "./peer.ts";
import { listen } from "./server.ts";
import { withResolvers } from "./with-resolvers.ts";

/** Connects two peers. Only one of them listens; then both call each other. */
export async function meetDirectly(): Promise<void> {
  const [ada, bob] = [new Peer("Ada"), new Peer("Bob")];
  const visit = withResolvers<RpcStub<Peer>>();
  const server = await listen((peer) => {
    visit.resolve(peer);
    return bob;
  });

  using bobForAda = newWebSocketRpcSession<Peer>(server.url, ada);
  console.log(`Bob to Ada: ${await bobForAda.greet(ada)}`);
  const adaForBob = await visit.promise;
  console.log(`Ada to Bob: ${await adaForBob.greet(bob)}`);
  server.close();
}
