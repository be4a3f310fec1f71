import { Opik, track } from "opik";

/** An agent whose words are a configuration on the server. */
const client = new Opik();

track(
  { name: "greet", entrypoint: true, params: [{ name: "name", type: "string" }] },
  async (name: string): Promise<string> => {
    const { greeting, times } = await client.getOrCreateConfig({ fallback: { greeting: "Fallback", times: 1 } });
    return `${greeting.repeat(times)}, ${name}.`;
  },
);

// The SDK's runner does not keep the process alive; real agents have a server in it that does.
setInterval(() => undefined, 2 ** 30);
