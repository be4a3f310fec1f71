import { describe, expect, test } from "vitest";
import { REAL_TIME, SDKS, type Sdk, startSdkAgent } from "./support/sdk-agent.ts";

/** Inputs of the agent `wait`. */
function inputsOf(sdk: Sdk, ms: number): object {
  return sdk === "npm" ? { ms } : { seconds: ms / 1_000 };
}

describe.each(SDKS)("an agent with the SDK from %s, in another process, under a virtual clock", (sdk) => {
  test("stays connected and usable through advances that settle", async () => {
    const { opik, submit } = await startSdkAgent(sdk, { clock: "virtual", keepAlive: false });
    for (const by of ["16s", "45s", "1s"]) {
      await opik.clock.advance(by, { settle: true });
      expect(opik.runners.get("laptop"), by).toMatchObject({ status: "connected" });
      const id = submit("echo", { question: by });
      expect((await opik.jobs.waitFor(id, "completed", REAL_TIME)).result).toEqual({ result: `ada: ${by}` });
    }
    expect(opik.clock.now()).toBe(Date.parse("2026-01-01T00:01:02Z"));
  });

  test("has ended the job that it was executing when an advance has settled", async () => {
    const { opik, submit } = await startSdkAgent(sdk, { clock: "virtual", keepAlive: false });
    const id = submit("wait", inputsOf(sdk, 300));
    await opik.jobs.waitFor(id, "running", REAL_TIME);
    await opik.clock.advance("16s", { settle: true });
    expect(opik.jobs.get(id)).toMatchObject({ status: "completed" });
  });

  test("loses its connection by an advance that does not settle, and connects again with its next heartbeat", async () => {
    const { opik, submit } = await startSdkAgent(sdk, { clock: "virtual", keepAlive: false });
    await opik.clock.advance("16s");
    expect(opik.runners.get("laptop")).toMatchObject({ status: "disconnected" });
    expect(() => submit("echo", { question: "there?" })).toThrow("not connected");
    await opik.runners.waitFor(({ status }) => status === "connected", REAL_TIME);
    const id = submit("echo", { question: "again?" });
    expect((await opik.jobs.waitFor(id, "completed", REAL_TIME)).result).toEqual({ result: "ada: again?" });
  });

  test("is too late with a job that has timed out, and takes the next one", async () => {
    const { opik, submit } = await startSdkAgent(sdk, { clock: "virtual" });
    const id = submit("wait", inputsOf(sdk, 1_000));
    await opik.requests.waitFor({ operation: "reportJobResult" }, REAL_TIME);
    await opik.clock.advance("31m");
    expect(opik.jobs.get(id)).toMatchObject({ status: "failed", error: expect.stringContaining("timed out") });
    const next = submit("echo", { question: "next?" });
    expect((await opik.jobs.waitFor(next, "completed", REAL_TIME)).result).toEqual({ result: "ada: next?" });
    await opik.requests.waitFor(
      { operation: "reportJobResult", path: `/**/${id}/results` },
      { ...REAL_TIME, count: 2 },
    );
    expect(opik.jobs.get(id), "its late report changes nothing").toMatchObject({ status: "failed" });
  });
});
