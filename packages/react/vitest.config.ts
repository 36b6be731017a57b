import { testsOf } from "../../vitest.project.ts";

export default testsOf("react", true);
