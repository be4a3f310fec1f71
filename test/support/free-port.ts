import { createServer } from "node:net";

/**
 * The first of these ports, and how many there are for each process: below those that Linux, macOS and Windows choose for
 * servers and connections that name none, so that no other program takes one between two starts of a server.
 */
const FIRST = 10_000;
const PROCESSES = 200;
const PORTS_EACH = 100;

let given = 0;

/** A port of the loopback address that no server listens on, for programs that cannot choose one, or that start again on it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + (process.pid % PROCESSES) * PORTS_EACH + (given++ % PORTS_EACH);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => void server.close(() => resolve(true)));
  });
}
