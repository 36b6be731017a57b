import { need, OURS_AND_REFERENCE, type TimedCase } from "./case.ts";

export const batches: readonly TimedCase[] = [1, 50, 1000].map((size) => {
  const values = Array.from({ length: size }, (_, i) => i);
  return {
    kind: "timed",
    name: `HTTP batch of ${size.toLocaleString("en")}`,
    about: `${size === 1 ? "One call" : `${size.toLocaleString("en")} calls`} in one request.`,
    link: "HTTP",
    pairs: [...OURS_AND_REFERENCE, "raw", "tRPC", "oRPC"],
    unit: "batch",
    units: 1,
    warmUps: size === 1 ? 5 : 1,
    run: ({ client }) => need(client, "batch")(values),
    expected: values,
  };
});
