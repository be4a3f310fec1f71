import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What an executor was asked. */
export interface Asked {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Answers one request, or never. */
export type Behaviour = (asked: Asked, response: ServerResponse) => void | Promise<void>;

/** An executor as its author would write it: an HTTP server of its own, on a free port. */
export interface Executor {
  url: string;
  asked: Asked[];
  /** Resolves when it was asked `count` times. */
  untilAsked(count: number): Promise<void>;
  /** How it answers from now on. */
  behave(behaviour: Behaviour): void;
}

/** Starts an executor that stops when the test ends. */
export async function startExecutor(first: Behaviour = answer(200, '{"ok":true}')): Promise<Executor> {
  let behaviour = first;
  const asked: Asked[] = [];
  const waiting: Array<{ count: number; resolve: () => void }> = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const one = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
    asked.push(one);
    for (const { count, resolve } of waiting) if (asked.length >= count) resolve();
    await behaviour(one, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/run`,
    asked,
    untilAsked: (count) =>
      new Promise((resolve) => {
        if (asked.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    behave: (next) => {
      behaviour = next;
    },
  };
}

/** Answers everything the same way. */
export function answer(status: number, body = "", headers: Record<string, string> = {}): Behaviour {
  return (_, response) => void response.writeHead(status, headers).end(body);
}

/** Never answers. */
export const hang: Behaviour = () => {};

/** Closes the connection without an answer. */
export const close: Behaviour = (_, response) => void response.destroy();
