import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Party } from "../../party/party.ts";
import { Speeches } from "../openai/speeches.ts";
import { WyomingConversation } from "./wyoming-conversation.ts";

/** Connections at once: programs open one for each text. */
const MAX_CONNECTIONS = 256;

/** A door that is open. */
export interface WyomingDoor {
  /** The port it got. */
  port: number;
  /** Listens no more, and ends what is connected. */
  close(): void;
}

/**
 * Listens for programs that speak Wyoming. They need no token: whoever reaches the port may have texts spoken, and learns
 * who the characters are.
 * @throws an error with code `EADDRINUSE` where the port is taken
 */
export async function listenWyoming(
  party: Party,
  { host, port }: { host: string; port: number },
): Promise<WyomingDoor> {
  const speeches = new Speeches(party, "wyoming");
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    if (sockets.size >= MAX_CONNECTIONS) {
      party.observers.observe({ type: "limit.reached", limit: "wyoming_connections" });
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    new WyomingConversation(party, speeches, socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(void server.off("error", reject)));
  });
  server.on("error", () => undefined);
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
