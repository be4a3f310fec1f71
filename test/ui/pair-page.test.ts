import { createHash, hkdfSync } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { settled } from "../support/leaks.ts";
import { createProject } from "../support/pairing.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index));

/** As much of a browser as the page's script touches. */
interface Browser {
  headline: string;
  advice: string;
  /** Whether the page asks for the API key. */
  asksForKey: boolean;
  storage: Map<string, string>;
  /** Types the API key and submits it; resolves when the page has an answer. */
  submitKey(key: string): Promise<void>;
}

let world: TestServer;

/** Fetches the page and runs its script, with the link's query and fragment as the location. */
async function open(link: string, globals: { crypto?: unknown } = {}): Promise<Browser> {
  const url = new URL(link, world.url);
  const page = await world.call("GET", url.pathname + url.search);
  const script = /<script type="module">(.*)<\/script>/s.exec(page.text)![1]!;
  const elements = new Map<string, { textContent: string; hidden: boolean; value: string }>();
  const storage = new Map<string, string>();
  let submit: ((event: { preventDefault(): void }) => void) | undefined;
  let answers = 0;
  const document = {
    getElementById: (id: string): unknown => {
      const element = elements.get(id) ?? { textContent: "", hidden: true, value: "" };
      elements.set(id, element);
      return Object.assign(element, {
        addEventListener: (_: "submit", listener: typeof submit) => (submit = listener),
      });
    },
  };
  const fetchHere = async (path: string, init: RequestInit): Promise<{ status: number }> => {
    const { status } = await world.call("POST", path, {
      headers: { origin: world.url, ...(init.headers as Record<string, string>) },
      body: init.body,
    });
    answers += 1;
    return { status };
  };
  const names = ["document", "location", "localStorage", "fetch", "globalThis"];
  const browser = { crypto: globalThis.crypto, ...globals };
  const AsyncFunction = (async () => {}).constructor as new (
    ...words: string[]
  ) => (...values: unknown[]) => Promise<void>;
  await new AsyncFunction(...names, script)(
    document,
    url,
    { setItem: (key: string, value: string) => storage.set(key, value) },
    fetchHere,
    browser,
  );
  return {
    storage,
    get headline() {
      return elements.get("headline")!.textContent;
    },
    get advice() {
      return elements.get("advice")!.textContent;
    },
    get asksForKey() {
      return elements.get("key-form")?.hidden === false;
    },
    submitKey: async (key) => {
      const before = answers;
      Object.assign(elements.get("key") ?? document.getElementById("key")!, { value: key });
      submit!({ preventDefault: () => {} });
      await settled(() => answers > before);
      await new Promise(setImmediate);
    },
  };
}

interface Pairing {
  projectId: string;
  session_id: string;
  runner_id: string;
}

async function openSession(type: "connect" | "endpoint" = "connect", workspace?: string): Promise<Pairing> {
  const projectId = await createProject(world.call, "demo", workspace);
  const body = { project_id: projectId, activation_key: KEY.toString("base64"), type };
  const session = await world.call("POST", "/v1/private/pairing/sessions", {
    headers: { "comet-workspace": workspace },
    body,
  });
  return { projectId, ...(session.json as { session_id: string; runner_id: string }) };
}

const hexOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll("-", ""), "hex");

/** The link as Opik's command line builds it [opik 5.3]. */
function linkOf(pairing: Pairing, { name = "laptop", type = Buffer.of(0), key = KEY, query = "" } = {}): string {
  const fragment = Buffer.concat([
    hexOf(pairing.session_id),
    key,
    hexOf(pairing.projectId),
    Buffer.of(Buffer.byteLength(name)),
    Buffer.from(name),
    type,
  ]);
  return `/opik/pair/v1?url=x&project=demo${query}#${fragment.toString("base64url")}`;
}

async function runnerOf({ runner_id }: Pairing): Promise<unknown> {
  return (await world.call("GET", `/v1/private/local-runners/${runner_id}`)).json;
}

describe("the pairing page", () => {
  beforeEach(async () => {
    world = await startTestServer({ workspaces: ["default", "other"] });
  });

  test.for(["/opik/pair/v1", "/pair/v1"])("is served at %s and runs nothing but its own script", async (path) => {
    const page = await world.call("GET", `${path}?workspace=default`);
    expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    const script = /<script type="module">(.*)<\/script>/s.exec(page.text)![1]!;
    const hash = createHash("sha256").update(script).digest("base64");
    expect(page.headers["content-security-policy"]).toContain(`script-src 'sha256-${hash}'`);
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'; connect-src 'self'");
    expect(page.text).not.toMatch(/(?:src|href)=/);
  });

  test("pairs a runner of type connect and keeps the key for its bridge", async () => {
    const pairing = await openSession();
    const browser = await open(linkOf(pairing, { name: "Büro 💻", query: "&workspace=default" }));
    expect([browser.headline, browser.asksForKey]).toEqual(["Paired “Büro 💻”", false]);
    expect(await runnerOf(pairing)).toMatchObject({ name: "Büro 💻", type: "connect", status: "connected" });
    const bridgeKey = hkdfSync("sha256", KEY, hexOf(pairing.session_id), "opik-bridge-v1", 32);
    expect([...browser.storage]).toEqual([
      [`opik:bridgeKey:${pairing.projectId}`, Buffer.from(bridgeKey).toString("base64")],
    ]);
  });

  test("pairs a runner of type endpoint and keeps nothing", async () => {
    const pairing = await openSession("endpoint");
    const browser = await open(linkOf(pairing, { type: Buffer.of(1) }));
    expect(browser.headline).toBe("Paired “laptop”");
    expect(await runnerOf(pairing)).toMatchObject({ type: "endpoint" });
    expect(browser.storage.size).toBe(0);
  });

  test("pairs in the workspace that the link names", async () => {
    const pairing = await openSession("endpoint", "other");
    const link = { type: Buffer.of(1) };
    expect((await open(linkOf(pairing, link))).headline).toBe("This link has expired");
    expect((await open(linkOf(pairing, { ...link, query: "&workspace=other" }))).headline).toBe("Paired “laptop”");
  });

  test("takes a link without a type as one of type connect", async () => {
    const pairing = await openSession();
    const browser = await open(linkOf(pairing, { type: Buffer.of() }));
    expect([browser.headline, browser.storage.size]).toEqual(["Paired “laptop”", 1]);
  });

  test("shows success again when it is loaded again", async () => {
    const pairing = await openSession();
    await open(linkOf(pairing));
    const again = await open(linkOf(pairing));
    expect([again.headline, again.storage.size]).toEqual(["Paired “laptop”", 1]);
  });

  test("says when the link was changed, has expired or is none", async () => {
    const pairing = await openSession();
    const changed = await open(linkOf(pairing, { key: Buffer.alloc(32) }));
    expect([changed.headline, changed.storage.size]).toEqual(["This link was changed on its way", 0]);
    await world.clock.advance(300_000);
    expect((await open(linkOf(pairing))).headline).toBe("This link has expired");
    for (const fragment of ["", "#", "#AAAA", "#*", linkOf(pairing).slice(0, -12)]) {
      expect((await open(`/pair/v1${fragment.replace(/^[^#]*/, "")}`)).headline).toBe("This is not a pairing link");
    }
  });

  test("says when the browser does not let it compute, and when the server is gone", async () => {
    const pairing = await openSession();
    expect((await open(linkOf(pairing), { crypto: {} })).headline).toBe("This page cannot compute here");
    const link = linkOf(pairing);
    const { call } = world;
    const page = await call("GET", "/pair/v1");
    const pageOnly = Object.assign(
      (method: string) => (method === "GET" ? Promise.resolve(page) : Promise.reject(new Error("refused"))),
      {
        start: call.start,
        baseUrl: call.baseUrl,
      },
    );
    world = { ...world, call: pageOnly };
    expect((await open(link)).headline).toBe("The server could not be reached");
  });
});

test("the pairing page asks for the API key when the server has one", async () => {
  const apiKey = "secret";
  world = await startTestServer({ apiKey });
  const { call } = world;
  const withKey = (method: string, path: string, options: object = {}): ReturnType<typeof call> =>
    call(method, path, { ...options, headers: { authorization: apiKey } });
  world = { ...world, call: Object.assign(withKey, { start: call.start, baseUrl: call.baseUrl }) };
  const pairing = await openSession("endpoint");
  world = { ...world, call };
  const browser = await open(linkOf(pairing, { type: Buffer.of(1) }));
  expect([browser.headline, browser.asksForKey]).toEqual(["This server asks for its API key", true]);
  await browser.submitKey("wrong");
  expect(browser.asksForKey).toBe(true);
  await browser.submitKey(apiKey);
  expect([browser.headline, browser.asksForKey]).toEqual(["Paired “laptop”", false]);
});
