import { testsOf } from "../vitest.project.ts";

// Its files add globals that browsers have, which others would see.
export default testsOf("interop", true);
