import { hostname } from "node:os";
import type { WaitingRunner } from "../../admin/pairings/schema.ts";
import { RefusedError } from "../../client/call.ts";
import type { PairingLink } from "../../client/pairings.ts";
import { CommandError, EXIT } from "../failures.ts";
import { print } from "../print.ts";
import { defineVerb, type Work } from "../verb.ts";
import { needWord } from "../words.ts";

/** Where the parts of the link's fragment begin [opik 5.3]. */
const OFFSETS = { session: 0, key: 16, project: 48, nameLength: 64, name: 65 } as const;

/** `opik-local pair`: pairs a runner by the link that `opik connect` prints, without a browser, or every one that asks. */
export const pairVerb = defineVerb({
  name: "pair",
  description: "Pair a runner by the link that `opik connect` or `opik endpoint` prints, or every runner that asks",
  words: { hint: "link", description: "The whole link, in quotes" },
  flags: { watch: { type: "boolean", description: "Pair every runner that waits for it or asks later, until Ctrl-C" } },
  run: async (work) => {
    const { client, flags, words } = work;
    if (flags["watch"] === true) {
      if (words.length > 0) throw new CommandError("Choose one of --watch and a link.", EXIT.usage);
      return watch(work);
    }
    const link = readLink(
      needWord(words, "Which link? `opik-local pair 'http://.../pair/v1?...#...'`, as `opik connect` prints it."),
    );
    report(work, { runner_id: await client.pairings.activate(link), name: link.name });
  },
});

/** Pairs runners under the name of this machine: only their links have their own. */
async function watch(work: Work): Promise<void> {
  const { client, json, terminal } = work;
  const name = hostname();
  const approve = async (runner: WaitingRunner): Promise<void> => {
    try {
      await client.pairings.approve(runner, name);
    } catch (error) {
      // It was paired by its link meanwhile, or it has given up.
      if (error instanceof RefusedError && error.status === 404) return;
      throw error;
    }
    report(work, { runner_id: runner.runner_id, name });
  };
  // Before the list is read: a runner that asks meanwhile is in both.
  const events = await client.events.follow({ name: "pairing:session:created" });
  if (!json) print(terminal.stderr, "# pairing every runner that asks, until the server stops or Ctrl-C");
  for (const runner of await client.pairings.waiting()) await approve(runner);
  for await (const { payload } of events) await approve(payload as WaitingRunner);
}

function report({ data, say }: Work, paired: { runner_id: string; name: string }): void {
  data(paired);
  say(`${paired.name} is paired (runner ${paired.runner_id})`);
}

/** @throws CommandError for a text that is not such a link */
function readLink(text: string): PairingLink {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bytes = Buffer.from(url?.hash.slice(1) ?? "", "base64url");
  const nameEnd = OFFSETS.name + (bytes[OFFSETS.nameLength] ?? 0);
  if (url === undefined || bytes.length <= OFFSETS.name || bytes.length < nameEnd)
    throw new CommandError("This is not a pairing link: it has to be whole, with everything after its #.", EXIT.usage);
  const hex = bytes.toString("hex", OFFSETS.session, OFFSETS.key);
  return {
    sessionId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
    key: bytes.subarray(OFFSETS.key, OFFSETS.project),
    name: bytes.toString("utf8", OFFSETS.name, nameEnd),
    workspace: url.searchParams.get("workspace") || "default",
  };
}
