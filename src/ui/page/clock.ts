import { useRef } from "preact/hooks";
import type { ClockState } from "../../admin/clock/schema.ts";
import { get } from "./api.ts";
import { type Live, useLive } from "./live.ts";
import { takeServerTime } from "./parts/time.tsx";

/** The clock of the server, from which relative times count. A virtual one is read again with each event, such as its move. */
export function useClock(): Live<ClockState> {
  const isVirtual = useRef(false);
  return useLive(
    "clock",
    async () => {
      const clock = await get<ClockState>("/__local/clock");
      isVirtual.current = clock.clock === "virtual";
      takeServerTime(clock);
      return clock;
    },
    () => isVirtual.current,
  );
}
