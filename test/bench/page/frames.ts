import type { CDPSession, Page } from "playwright-core";
import type { BenchServer } from "../processes.ts";
import type { FilledFile } from "../scale/fill.ts";

/** A frame that takes longer is seen as a stop. */
const LONG_FRAME_MS = 100;
const MILLISECOND = 1_000;

/** How a page kept up with events. Times are in milliseconds. */
export interface Frames {
  eventsPerSecond: number;
  count: number;
  longest: number;
  /** How many took longer than 100 ms. */
  long: number;
  /** The longest task of the page's main thread, in processor time: other programs do not lengthen it. */
  longestTask: number;
  /** The part of the processor's time that the page's main thread used, 0 to 1. */
  mainThread: number;
}

/** One entry of Chromium's trace. Times are in microseconds. */
interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Processor time of the thread. */
  tdur?: number;
  args: { name?: string };
}

/** Measures the frames of a view while the server changes jobs. @param path below the page's own */
export async function measureFrames(
  page: Page,
  server: BenchServer,
  path: string,
  changes: { file: FilledFile; perSecond: number; seconds: number },
): Promise<Frames> {
  await page.goto(`${server.url}/__local/ui/${path}`);
  await page.locator("main .list-row, main tbody tr").first().waitFor();
  await page.evaluate(`(() => {
    window.frames_ms = [];
    let before = performance.now();
    const next = (now) => {
      window.frames_ms.push(now - before);
      before = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  })()`);
  const session = await page.context().newCDPSession(page);
  const trace = await startTrace(session);
  const { file, perSecond, seconds } = changes;
  const eventsPerSecond = await server.changeJobs({ projectId: file.projectId, perSecond, seconds });
  const frames = await page.evaluate<number[]>("window.frames_ms");
  const tasks = tasksOfMainThread(await trace.stop());
  return {
    eventsPerSecond,
    count: frames.length,
    longest: Math.max(...frames),
    long: frames.filter((frame) => frame > LONG_FRAME_MS).length,
    longestTask: Math.max(...tasks),
    mainThread: tasks.reduce((sum, task) => sum + task, 0) / frames.reduce((sum, frame) => sum + frame, 0),
  };
}

async function startTrace(session: CDPSession): Promise<{ stop(): Promise<TraceEvent[]> }> {
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => {
    for (const event of value) events.push(event as unknown as TraceEvent);
  });
  await session.send("Tracing.start", {
    traceConfig: { includedCategories: ["toplevel", "disabled-by-default-devtools.timeline"] },
  });
  return {
    stop: async () => {
      const completed = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
      await session.send("Tracing.end");
      await completed;
      return events;
    },
  };
}

/** The processor time of each task of the page's main thread. */
function tasksOfMainThread(events: readonly TraceEvent[]): number[] {
  const threads = new Set(
    events
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return events
    .filter(({ name, pid, tid }) => name === "RunTask" && threads.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / MILLISECOND);
}
