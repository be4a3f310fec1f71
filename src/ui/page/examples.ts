import demo from "../../../fixtures/demo.yaml?raw";
import executor from "../../../fixtures/executor.yaml?raw";

/** The fixtures that ship. */
export const EXAMPLES = [
  { name: "demo.yaml", text: demo },
  { name: "executor.yaml", text: executor },
];
