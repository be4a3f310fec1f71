import type { RunnerNotice } from "../../opik/events.ts";
import type { Describers, Line } from "./lines.ts";
import type { Colour, Paint } from "./log.ts";
import type { PairingLines } from "./pairing-lines.ts";
import { onOneLine, shortId } from "./short.ts";

const REMOVED = {
  disconnected: "disconnected by its client",
  evicted: "evicted by a newer one",
  purged: "removed, without a heartbeat for too long",
  reset: "removed by a reset",
} as const;

/** Creates the functions that describe how runners come and go. @param pairing is informed of those that may be paired */
export function createRunnerLines(paint: Paint, pairing: PairingLines, now: () => number): Describers {
  const runner = (notice: RunnerNotice, colour: Colour, state: string): Line => ({
    level: "info",
    text: `runner ${shortId(notice.id)} ${onOneLine(notice.name)} (${notice.type}): ${paint(colour, state)}`,
  });
  return {
    "pairing:session:created": (session) => {
      pairing.announce(session, now());
      return { level: "debug", text: `runner ${shortId(session.runner_id)} (${session.type}): may be paired` };
    },
    "runner:connected": (notice) => {
      pairing.paired(notice.id);
      return runner(notice, "green", "connected");
    },
    "runner:disconnected": (notice) => runner(notice, "yellow", "disconnected, its heartbeats have stopped"),
    "runner:removed": (notice) => runner(notice, "yellow", REMOVED[notice.reason]),
    "runner:agents:registered": (notice) => {
      const names = notice.agents.map((agent) => agent.name).join(", ");
      return runner(notice, "cyan", names === "" ? "has no agents" : `agents ${onOneLine(names)}`);
    },
  };
}
