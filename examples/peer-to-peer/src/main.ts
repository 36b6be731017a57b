import { meetDirectly } from "./direct.ts";
import { meetThroughRelay } from "./introduced.ts";

console.log("Two peers, connected directly:");
await meetDirectly();
console.log("\nThree peers, introduced by a relay:");
await meetThroughRelay();
