import { createServer, type Server } from "node:http";
import { localUrl } from "../../server/network/addresses.ts";

/** How a node is, for whoever starts, watches and ends it. */
export interface NodeHealth {
  /** What it does with less of than it should; empty where all is well. */
  problems(): string[];
  /** Whether it takes work. */
  isReady(): boolean;
  status(): object;
}

/**
 * Answers `GET /healthz` and `GET /readyz` as a table does.
 * @returns its address, and what ends it @throws an error with code `EADDRINUSE` where the port is taken
 */
export async function serveHealth(
  health: NodeHealth,
  { host, port }: { host: string; port: number },
): Promise<{ url: string; close: () => void }> {
  const server = createServer(({ url }, response) => {
    const isReadiness = url === "/readyz";
    if (!isReadiness && url !== "/healthz") {
      response.writeHead(404).end();
      return;
    }
    const problems = health.problems();
    const status = problems.length > 0 ? "degraded" : "ok";
    const isWell = !isReadiness || health.isReady();
    const body = { status, ...(problems.length > 0 ? { problems } : {}), ...health.status() };
    response.writeHead(isWell ? 200 : 503, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  await listening(server, host, port);
  const address = server.address();
  const taken = typeof address === "object" && address ? address.port : port;
  return {
    url: localUrl(host, taken),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
}
