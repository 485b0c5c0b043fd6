import { connect, createServer, type Socket } from "node:net";

/** A wire between a page and its server that can be cut without a goodbye, as when a phone leaves the Wi-Fi. */
export interface CutProxy {
  port: number;
  /** Connections that were cut. */
  cuts: number;
  /** From now on, cuts the first connection that has carried so many bytes more to the client. */
  cutAfter(bytes: number): void;
  /** From now on carries nothing, and closes nothing either: on the connections there are and on new ones. */
  goSilent(): void;
  /** Carries again; connections from before are gone. */
  comeBack(): void;
  close(): void;
}

/** @param port to listen on, by default a free one */
export async function startCutProxy(targetPort: number, port = 0): Promise<CutProxy> {
  const open = new Set<Socket>();
  let limit = Infinity;
  let isSilent = false;
  const proxy = createServer((client) => {
    const server = connect(targetPort, "127.0.0.1");
    const end = (): void => {
      for (const socket of [client, server]) {
        open.delete(socket);
        socket.destroy();
      }
    };
    let carried = 0;
    let counting = limit;
    server.on("data", (bytes) => {
      if (isSilent) return;
      if (counting !== limit) {
        counting = limit;
        carried = 0;
      }
      carried += bytes.length;
      if (carried < limit) {
        client.write(bytes);
        return;
      }
      limit = Infinity;
      handle.cuts += 1;
      end();
    });
    client.on("data", (bytes) => isSilent || server.write(bytes));
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on("close", end);
      socket.on("error", end);
    }
  });
  await new Promise<void>((resolve) => proxy.listen(port, "127.0.0.1", resolve));
  const address = proxy.address();
  const handle: CutProxy = {
    port: typeof address === "object" && address ? address.port : 0,
    cuts: 0,
    cutAfter(bytes) {
      limit = bytes;
    },
    goSilent() {
      isSilent = true;
    },
    comeBack() {
      isSilent = false;
      for (const socket of open) socket.destroy();
    },
    close() {
      for (const socket of open) socket.destroy();
      proxy.close();
    },
  };
  return handle;
}
