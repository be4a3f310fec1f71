import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { onTestFinished } from "vitest";
import { main } from "../../src/cli/index.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { SystemClock } from "../../src/core/clock.ts";

/** Keeps what is written, and emits it. */
export class Capture extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.emit("written");
    done();
  }

  get lines(): string[] {
    return this.text.split("\n").slice(0, -1);
  }

  /** The first line that matches, now or as soon as it is written. */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      await new Promise((resolve) => this.once("written", resolve));
    }
  }
}

export interface TestTerminal extends Terminal {
  stdout: Capture;
  stderr: Capture;
  signals: EventEmitter;
}

/** A terminal in a folder of its own, with an empty environment. */
export function testTerminal(options: Partial<Pick<Terminal, "environment" | "clock">> = {}): TestTerminal {
  const folder = mkdtempSync(join(tmpdir(), "opik-local-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return {
    stdout: new Capture(),
    stderr: new Capture(),
    environment: {},
    folder,
    signals: new EventEmitter(),
    clock: new SystemClock(),
    ...options,
  };
}

/** What a command line printed and how it ended. */
export async function run(
  argv: string[],
  terminal: TestTerminal = testTerminal(),
): Promise<{ code: number; out: string; error: string }> {
  const code = await main(argv, terminal);
  return { code, out: terminal.stdout.text, error: terminal.stderr.text };
}

/** A server of `dev` that runs in this process until it is stopped. */
export interface RunningDev {
  terminal: TestTerminal;
  url: string;
  exited: Promise<number>;
  stop(): Promise<number>;
}

/** Starts `dev` in memory on a free port, and waits until it is ready. */
export async function startDev(argv: string[] = [], terminal: TestTerminal = testTerminal()): Promise<RunningDev> {
  const exited = main(["dev", "--db", ":memory:", "--port", "0", ...argv], terminal);
  const ended = exited.then((code) => Promise.reject(new Error(`dev ended with ${code}: ${terminal.stderr.text}`)));
  // Ending is an error only while the start is awaited.
  ended.catch(() => {});
  const ready = await Promise.race([terminal.stdout.line(/ready on http|"event":"ready"/), ended]);
  const stop = (): Promise<number> => {
    terminal.signals.emit("SIGINT");
    return exited;
  };
  onTestFinished(async () => {
    await stop();
  });
  return { terminal, url: /http:\/\/[\d.]+:\d+/.exec(ready)?.[0] ?? "", exited, stop };
}
