import { testsOf } from "../../vitest.project.ts";

export default testsOf("example-peer-to-peer");
