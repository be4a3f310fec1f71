import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

const MODULE = new URL("../../src/core/young-generation.ts", import.meta.url).href;

/** @returns how many bytes V8 has for the young generation before and after a load whose objects live for some time */
function sizesUnderLoad(before: string): [number, number] {
  const script = `
    import { getHeapSpaceStatistics } from "node:v8";
    import { keepYoungGenerationSize } from ${JSON.stringify(MODULE)};
    const size = () => getHeapSpaceStatistics().find((space) => space.space_name === "new_space").space_size;
    const first = size();
    ${before}
    const recent = [];
    for (let count = 0; count < 400_000; count += 1) recent[count % 50_000] = { count, list: [count, count] };
    console.log(JSON.stringify([first, size()]));
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
  return JSON.parse(output) as [number, number];
}

test("the young generation grows under load, and does not any more when its size is kept", () => {
  const [before, after] = sizesUnderLoad("");
  expect(after).toBeGreaterThan(4 * before);
  const [keptBefore, keptAfter] = sizesUnderLoad("keepYoungGenerationSize();");
  // V8 makes one of the two halves with the first collection.
  expect(keptAfter).toBeLessThanOrEqual(2 * keptBefore);
});
