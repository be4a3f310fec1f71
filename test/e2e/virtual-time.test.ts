import { describe, expect, test } from "vitest";
import { holdJob } from "./support/held-job.ts";
import { REAL_TIME, SDKS, startSdkAgent } from "./support/sdk-agent.ts";

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
    const work = holdJob();
    const id = submit("wait", work.inputs);
    await opik.requests.waitFor({ operation: "reportJobResult" }, REAL_TIME);
    const settled = opik.clock.advance("16s", { settle: true });
    work.release();
    await settled;
    expect(opik.jobs.get(id)).toMatchObject({ status: "completed" });
  });

  test("loses its connection by an advance that does not settle, and connects again with its next heartbeat", async () => {
    const { opik, submit } = await startSdkAgent(sdk, { clock: "virtual", keepAlive: false });
    // So that none comes between the advance and the look at what it did.
    const [fault] = opik.faults.add({ operation: "heartbeat", status: 503 });
    await opik.clock.advance("16s");
    expect(opik.runners.get("laptop")).toMatchObject({ status: "disconnected" });
    expect(() => submit("echo", { question: "there?" })).toThrow("not connected");
    opik.faults.remove(fault?.id ?? "");
    await opik.runners.waitFor(({ status }) => status === "connected", REAL_TIME);
    const id = submit("echo", { question: "again?" });
    expect((await opik.jobs.waitFor(id, "completed", REAL_TIME)).result).toEqual({ result: "ada: again?" });
  });

  test("is too late with a job that has timed out, and takes the next one", async () => {
    const { opik, submit } = await startSdkAgent(sdk, { clock: "virtual" });
    const work = holdJob();
    const id = submit("wait", work.inputs);
    await opik.requests.waitFor({ operation: "reportJobResult" }, REAL_TIME);
    await opik.clock.advance("31m");
    expect(opik.jobs.get(id)).toMatchObject({ status: "failed", error: expect.stringContaining("timed out") });
    work.release();
    const next = submit("echo", { question: "next?" });
    expect((await opik.jobs.waitFor(next, "completed", REAL_TIME)).result).toEqual({ result: "ada: next?" });
    await opik.requests.waitFor(
      { operation: "reportJobResult", path: `/**/${id}/results` },
      { ...REAL_TIME, count: 2 },
    );
    expect(opik.jobs.get(id), "its late report changes nothing").toMatchObject({ status: "failed" });
  });
});
