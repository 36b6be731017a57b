export { failure } from "../../../../testing/outcomes.ts";
