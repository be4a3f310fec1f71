import { activationHmac } from "../../opik/runners/pairing/activation.ts";
import { CommandError, EXIT } from "../failures.ts";
import { defineVerb } from "../verb.ts";
import { needWord } from "../words.ts";

/** Where the parts of the link's fragment begin [opik 5.3]. */
const OFFSETS = { session: 0, key: 16, project: 48, nameLength: 64, name: 65 } as const;

interface PairingLink {
  sessionId: string;
  key: Buffer;
  name: string;
  workspace: string;
}

/** `opik-local pair`: pairs a runner by the link that `opik connect` prints, without a browser. */
export const pairVerb = defineVerb({
  name: "pair",
  description: "Pair a runner by the link that `opik connect` or `opik endpoint` prints",
  words: { hint: "link", description: "The whole link, in quotes" },
  run: async ({ client, words, say, data }) => {
    const link = readLink(
      needWord(words, "Which link? `opik-local pair 'http://.../pair/v1?...#...'`, as `opik connect` prints it."),
    );
    const hmac = activationHmac(link.key, link.sessionId, link.name).toString("base64");
    const reply = await client.call("POST", `/api/v1/private/pairing/sessions/${link.sessionId}/activate`, {
      headers: { "comet-workspace": link.workspace },
      body: { runner_name: link.name, hmac },
    });
    data({ runner_id: reply.createdId, name: link.name });
    say(`${link.name} is paired (runner ${reply.createdId})`);
  },
});

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
