import type { Caller, Reply } from "../../support/call.ts";

/** An answer, and the things that had names when it came. */
export interface Recorded {
  reply: Reply;
  things: ReadonlyMap<string, string>;
}

/**
 * Sends all requests but one, which is answered as it was on another server, and carried out nowhere.
 * @param position which of the requests of the case's steps, counted from 0
 * @param things the things of the case that is played
 */
export function losing(
  call: Caller,
  position: number,
  recorded: Recorded,
  things: ReadonlyMap<string, string>,
): Caller {
  let count = 0;
  return Object.assign((...request: Parameters<Caller>) => call(...request), {
    baseUrl: call.baseUrl,
    start: (...request: Parameters<Caller["start"]>) => {
      const isLost = count === position;
      count += 1;
      if (!isLost) return call.start(...request);
      return { sent: Promise.resolve(), reply: Promise.resolve(translated(recorded, things)) };
    },
  });
}

/** The same answer about the things of another play of the case. */
function translated(recorded: Recorded, things: ReadonlyMap<string, string>): Reply {
  const translate = (text: string): string => {
    let translation = text;
    for (const [name, thing] of recorded.things) translation = translation.replaceAll(thing, things.get(name) ?? thing);
    return translation;
  };
  const { status, headers, text } = recorded.reply;
  const newText = translate(text);
  return {
    status,
    headers: JSON.parse(translate(JSON.stringify(headers))) as Reply["headers"],
    text: newText,
    json: recorded.reply.json === undefined ? undefined : (JSON.parse(newText) as unknown),
  };
}
