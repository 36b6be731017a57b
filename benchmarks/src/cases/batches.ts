import { need, OURS_AND_REFERENCE, type TimedCase } from "./case.ts";

const SIZES = [
  { size: 1, warmUps: 5 },
  { size: 50, warmUps: 3 },
  { size: 1000, warmUps: 1 },
];

export const batches: readonly TimedCase[] = SIZES.map(({ size, warmUps }) => {
  const values = Array.from({ length: size }, (_, i) => i);
  return {
    kind: "timed",
    name: `HTTP batch of ${size.toLocaleString("en")}`,
    about: `${size === 1 ? "One call" : `${size.toLocaleString("en")} calls`} in one request.`,
    link: "HTTP",
    pairs: [...OURS_AND_REFERENCE, "raw", "tRPC", "oRPC"],
    unit: "batch",
    units: 1,
    warmUps,
    run: ({ client }) => need(client, "batch")(values),
    expected: values,
  };
});
