import { connect, createServer, type Socket } from "node:net";

export interface PrefixProxy {
  port: number;
  /** Request lines that came to it, of all that it was asked. */
  asked: string[];
  close(): void;
}

export interface PrefixProxyOptions {
  /** Path under which it passes on, and which it takes away: `/table`. */
  prefix: string;
  /** Headers it adds: what it says of the request. */
  says: Record<string, string>;
}

/**
 * A reverse proxy that serves one server under a path of its own, WebSockets included, as nginx or Caddy do:
 * it takes its prefix away, says so, and names itself as the host. One request a connection.
 */
export async function startPrefixProxy(
  targetPort: number,
  options: PrefixProxyOptions,
): Promise<PrefixProxy> {
  const open = new Set<Socket>();
  const asked: string[] = [];
  const proxy = createServer((client) => {
    let head = "";
    open.add(client);
    client.on("error", () => client.destroy());
    client.on("close", () => open.delete(client));
    client.on("data", function take(bytes: Buffer) {
      head += bytes.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      client.off("data", take);
      client.pause();
      const [requestLine = "", ...lines] = head.slice(0, end).split("\r\n");
      asked.push(requestLine);
      const [method, target = "", version] = requestLine.split(" ");
      const isMine =
        target.startsWith(options.prefix) && /^(?:$|[/?])/.test(target.slice(options.prefix.length));
      if (!isMine) {
        client.end("HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\nConnection: close\r\n\r\nelsewhere");
        return;
      }
      const rest = target.slice(options.prefix.length);
      const kept = lines.filter((line) => !/^(?:host|connection):/i.test(line));
      const isUpgrade = lines.some((line) => /^upgrade:/i.test(line));
      const said = Object.entries(options.says).map(([name, value]) => `${name}: ${value}`);
      const server = connect(targetPort, "127.0.0.1");
      server.on("error", () => client.destroy());
      server.on("close", () => client.destroy());
      client.on("close", () => server.destroy());
      const rewritten = [
        `${method} ${rest.startsWith("/") ? rest : `/${rest}`} ${version}`,
        `Host: 127.0.0.1:${targetPort}`,
        `Connection: ${isUpgrade ? "Upgrade" : "close"}`,
        ...kept,
        ...said,
      ];
      server.write(`${rewritten.join("\r\n")}\r\n\r\n`);
      server.write(Buffer.from(head.slice(end + 4), "latin1"));
      client.pipe(server);
      server.pipe(client);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    asked,
    close() {
      for (const socket of open) socket.destroy();
      proxy.close();
    },
  };
}
