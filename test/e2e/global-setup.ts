import { prepare } from "../../src/build/package.ts";

/** Builds the package when its sources have changed, so that every e2e suite has the sources as they are now. */
export default prepare;
