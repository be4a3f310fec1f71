import type * as Web from "./web.ts";

/** `web.ts`, once it is loaded. */
let loaded: typeof Web | undefined;

/**
 * What h3 and srvx export. They are loaded with the first request that needs them, because they make Node load undici
 * (see `NodeEvent`).
 */
export async function loadWeb(): Promise<typeof Web> {
  return (loaded ??= await import("./web.ts"));
}

/** The same, for code that runs when it is loaded. @throws Error before */
export function web(): typeof Web {
  if (loaded === undefined) throw new Error("h3 is not loaded yet");
  return loaded;
}

/** The same; `undefined` before it is loaded. */
export function webIfLoaded(): typeof Web | undefined {
  return loaded;
}
