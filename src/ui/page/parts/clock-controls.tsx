import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { post } from "../api.ts";
import { useClock } from "../clock.ts";
import { Act } from "./act.tsx";
import { Failure } from "./notice.tsx";

/** The server's time, and what moves it when it is virtual. */
export function ClockControls({ onMoved }: { onMoved: () => void }): VNode | null {
  const [by, setBy] = useState("30s");
  const { value, error, refresh } = useClock();
  if (value === undefined) return <Failure error={error} />;
  if (value.clock === "system") {
    return (
      <p class="faint">
        The time is the computer's. Start the server with <code>--clock virtual</code> to move it.
      </p>
    );
  }
  const done = (): void => {
    refresh();
    onMoved();
  };
  return (
    <>
      <p>
        {value.now} · {value.frozen ? "stands still" : "passes"}
      </p>
      <div class="toolbar">
        <input aria-label="Duration" size={8} value={by} onInput={(event) => setBy(event.currentTarget.value)} />
        <Act class="main" work={() => post("/__local/clock/advance", { by })} onDone={done}>
          Advance
        </Act>
        <Act work={() => post(`/__local/clock/${value.frozen ? "resume" : "freeze"}`)} onDone={done}>
          {value.frozen ? "Let it pass" : "Freeze"}
        </Act>
        <Act work={() => post("/__local/clock/run-until-idle")} onDone={done}>
          Run until idle
        </Act>
      </div>
    </>
  );
}
