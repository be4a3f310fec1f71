import type { VNode } from "preact";
import type { ActivityMinute } from "../api.ts";

const HEIGHT = 40;
const BAR = 8;
const GAP = 2;
/** What is not nothing is seen, however little it is. */
const LEAST = 4;

/** How much ended in each minute of the last hour: failures below, everything else on top. */
export function Sparkline({ minutes }: { minutes: readonly ActivityMinute[] }): VNode {
  const most = Math.max(1, ...minutes.map(({ ended }) => ended));
  const ended = minutes.reduce((sum, minute) => sum + minute.ended, 0);
  const failed = minutes.reduce((sum, minute) => sum + minute.failed, 0);
  const heightOf = (count: number): number => (count === 0 ? 0 : Math.max(LEAST, (count / most) * HEIGHT));
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${minutes.length * BAR} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`In the last hour ${ended} ended, ${failed} of them failed`}
    >
      {minutes.map((minute, index) => {
        const bad = heightOf(minute.failed);
        const good = heightOf(minute.ended - minute.failed);
        const x = index * BAR;
        return (
          <g key={minute.time}>
            <title>{`${minute.time.slice(11, 16)} UTC: ${minute.ended} ended, ${minute.failed} failed`}</title>
            <rect class="none" x={x} y={HEIGHT - 1} width={BAR - GAP} height={1} />
            <rect class="ended" x={x} y={HEIGHT - Math.min(HEIGHT, good + bad)} width={BAR - GAP} height={good} />
            <rect class="failed" x={x} y={HEIGHT - bad} width={BAR - GAP} height={bad} />
          </g>
        );
      })}
    </svg>
  );
}
