import fc from "fast-check";

/** A member of a random object: a property, or a method without parameters. */
export type Member =
  | { readonly is: "property" | "method" | "async method"; readonly value: unknown }
  | { readonly is: "failing method"; readonly error: string }
  /** Returns a new object each time. */
  | { readonly is: "node method" | "async node method"; readonly api: RandomApi };

/** The members of an object, called `m0`, `m1` and so on. */
export type RandomApi = readonly Member[];

// Leaves out keys that name members of Object.prototype: they are dropped in transit, which another
// test covers.
export const plainValue: fc.Arbitrary<unknown> = fc
  .jsonValue({ maxDepth: 2 })
  .filter((each) => !/"(__|to|has|is|prop|const|valueOf)/.test(JSON.stringify(each)));

/** Random objects, and the objects that their methods return. */
export const apis: fc.Arbitrary<RandomApi> = fc.letrec<{ api: RandomApi; member: Member }>(
  (tie) => ({
    api: fc.array(tie("member"), { minLength: 1, maxLength: 5, depthIdentifier: "api" }),
    member: fc.oneof(
      { depthIdentifier: "api", maxDepth: 3 },
      fc.record({ is: fc.constantFrom("property", "method", "async method"), value: plainValue }),
      fc.record({ is: fc.constant("failing method"), error: fc.string() }),
      fc.record({ is: fc.constantFrom("node method", "async node method"), api: tie("api") }),
    ) as fc.Arbitrary<Member>,
  }),
).api;

/** Gives a class the members of `api`. `make` makes the objects that its methods return. */
export function defineMembers(
  prototype: object,
  api: RandomApi,
  make: (api: RandomApi) => object,
): void {
  api.forEach((member, i) => {
    Object.defineProperty(prototype, `m${i}`, {
      ...descriptorOf(member, make),
      configurable: true,
    });
  });
}

function descriptorOf(member: Member, make: (api: RandomApi) => object): PropertyDescriptor {
  switch (member.is) {
    case "property":
      return { get: () => member.value };
    case "method":
      return { value: () => member.value };
    case "async method":
      return { value: async () => member.value };
    case "failing method":
      return {
        value() {
          throw new TypeError(member.error);
        },
      };
    case "node method":
      return { value: () => make(member.api) };
    case "async node method":
      return { value: async () => make(member.api) };
  }
}
