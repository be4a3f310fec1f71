import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, test } from "vitest";
import { expectNothingLeft } from "../support/leaks.ts";
import { run, startDev } from "./terminal.ts";

describe("whatever ends opik-local dev, nothing of it stays in the process:", () => {
  beforeEach(expectNothingLeft);

  test("a signal leaves nothing behind", async () => {
    const { stop } = await startDev();
    await stop();
  });

  test("a ready file that cannot be written is a failure, and the server does not stay", async () => {
    const { code, out, error } = await run([
      "dev",
      "--db",
      ":memory:",
      "--port",
      "0",
      "--ready-file",
      "no/such/folder/file",
    ]);
    expect(code).toBe(2);
    expect(error).toMatch(/^The ready file .* cannot be written: the folder .* does not exist\. .*\n$/);
    expect(out).not.toContain("ready on");
  });

  test("a port that was asked for and is taken is exit code 2, names the process that listens on it and leaves no server", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
    const { code, error, out } = await run(["dev", "--db", ":memory:", "--port", String(port)]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expect(error).toContain("--port 0");
    if (process.platform === "linux") expect(error).toContain(`process ${process.pid} (`);
    await new Promise((resolve) => server.close(resolve));
  });
});
