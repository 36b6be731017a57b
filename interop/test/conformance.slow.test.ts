import { describe } from "vitest";
import { IMPLEMENTATIONS, OURS } from "../src/implementation.ts";
import { testConformance } from "./support/conformance.ts";

const others = Object.entries(IMPLEMENTATIONS).filter(([, each]) => each !== OURS);

describe.each(others)("%s", (_, implementation) => {
  testConformance(implementation);
});
