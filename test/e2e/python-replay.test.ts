import { spawn } from "node:child_process";
import { on } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Opik } from "opik";
import { describe, expect, onTestFinished, test } from "vitest";
import { PYTHON, PYTHON_SDKS, type PythonSdk, pythonEnvironment } from "./support/python-environment.ts";
import { startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const SCRIPT = fileURLToPath(new URL("python/replay.py", import.meta.url));
const PROJECT = "replay-e2e";
const QUESTIONS = ["after", "before", "first lost", "second lost"];
// The second one comes when the server is killed in the middle of the SDK's own check.
const WARNINGS_OF_THE_CONNECTION =
  /Will be retried later when connection is restored|error while checking connection to server/;
const TIMEOUT = { timeout: 40_000, interval: 100 };

describe.skipIf(!PYTHON)("the SDK from PyPI (OPIK_LOCAL_TEST_PYTHON)", () => {
  test.for(PYTHON_SDKS)(
    "keeps what it traces while the server is killed, and sends it once when it is back, $version",
    async (sdk) => {
      const folder = temporaryFolder();
      const database = join(folder, "opik-local.db");
      const server = await startServerProcess(database);
      const agent = startTracing(server.url, folder, sdk);
      expect(await agent.next()).toBe("sent");
      await server.kill();
      agent.goOn();
      expect(await agent.next()).toBe("kept");
      await startServerProcess(database, server.port);
      agent.goOn();
      expect(await agent.next()).toBe("going on");

      const client = new Opik({ apiUrl: `${server.url}/api`, projectName: PROJECT, workspaceName: "default" });
      const search = () => client.searchTraces({ projectName: PROJECT, filterString: "feedback_scores.quality = 0.5" });
      // The SDK looks for the server again and again, and sends what it has kept.
      await expect.poll(async () => (await search()).length, TIMEOUT).toBe(QUESTIONS.length);
      agent.goOn();
      const warnings = JSON.parse(await agent.next()) as string[];
      // None at all when the SDK sees that the server is gone before it sends anything.
      for (const warning of warnings) expect(warning).toMatch(WARNINGS_OF_THE_CONNECTION);

      const traces = await client.searchTraces({ projectName: PROJECT });
      expect(traces.map(({ input }) => questionOf(input)).toSorted()).toEqual(QUESTIONS);
      for (const { id, input, output, endTime, feedbackScores } of traces) {
        const answer = { output: questionOf(input).toUpperCase() };
        expect({ output, endTime, feedbackScores }).toMatchObject({
          ...{ output: answer, endTime: expect.any(Date), feedbackScores: [{ name: "quality", value: 0.5 }] },
        });
        const spans = await client.searchSpans({ projectName: PROJECT, filterString: `trace_id = "${id}"` });
        expect(spans).toHaveLength(2);
        expect(spans.find(({ type }) => type === "llm")).toMatchObject({
          name: "call",
          output: answer,
          usage: { total_tokens: 7 },
        });
      }
    },
  );
});

function questionOf(input: unknown): string {
  return (input as { question: string }).question;
}

/** The script in a process of its own. */
function startTracing(serverUrl: string, home: string, sdk: PythonSdk) {
  const child = spawn(PYTHON!, [SCRIPT], {
    stdio: ["pipe", "pipe", "ignore"],
    // How soon it notices that the server is gone, or back.
    env: {
      ...pythonEnvironment(serverUrl, home, sdk),
      OPIK_PROJECT_NAME: PROJECT,
      OPIK_CONNECTION_MONITOR_PING_INTERVAL: "0.2",
    },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = on(createInterface({ input: child.stdout }), "line", { close: ["close"] });
  return {
    /** @returns the next line that it prints */
    next: async () => {
      const { value, done } = (await lines.next()) as IteratorResult<[string]>;
      if (done) throw new Error("the script ended early");
      return value[0];
    },
    goOn: () => void child.stdin.write("\n"),
  };
}
