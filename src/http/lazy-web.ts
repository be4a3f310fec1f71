import type * as Web from "./web.ts";

/** `web.ts`, once it is loaded. */
let loaded: typeof Web | undefined;

/**
 * What h3 and srvx export. They extend the classes `Request`, `Response` and `Headers`, whose first use makes Node load
 * undici: a tenth of a start. So they are loaded with the first request, or while the first client connects.
 */
export async function loadWeb(): Promise<typeof Web> {
  return (loaded ??= await import("./web.ts"));
}

/** The same for code that handles requests, and therefore runs later. @throws Error before it is loaded */
export function web(): typeof Web {
  if (loaded === undefined) throw new Error("no request has come yet");
  return loaded;
}

/** The same; `undefined` before it is loaded. */
export function webIfLoaded(): typeof Web | undefined {
  return loaded;
}
