import { connect, createServer, type Socket } from "node:net";

/** How long bytes take each way, in ms: `baseMs` ± `jitterMs`, and now and then up to `spikeMs` more. */
export interface Delays {
  baseMs: number;
  jitterMs: number;
  spikeMs?: number;
}

const SPIKE_SHARE = 0.03;

/** A far or a bad network on loopback: bytes arrive late, but in order. */
export interface DelayProxy {
  port: number;
  /** Nothing arrives for so long, then everything. */
  stall(ms: number): void;
  /** Cuts every connection. */
  cut(): void;
  close(): void;
}

export async function startDelayProxy(targetPort: number, delays: Delays): Promise<DelayProxy> {
  const open = new Set<Socket>();
  const ways = new Set<Way>();
  const proxy = createServer((client) => {
    const server = connect(targetPort, "127.0.0.1");
    const pair = [client, server] as const;
    const end = (): void => {
      for (const socket of pair) {
        open.delete(socket);
        socket.destroy();
      }
    };
    const up = new Way(server, delays);
    const down = new Way(client, delays);
    ways.add(up).add(down);
    client.on("data", (bytes) => up.send(Buffer.from(bytes)));
    server.on("data", (bytes) => down.send(Buffer.from(bytes)));
    for (const socket of pair) {
      socket.setNoDelay(true);
      open.add(socket);
      socket.on("close", end);
      socket.on("error", end);
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  if (!address || typeof address === "string") throw new Error("a proxy has a port");
  const cut = (): void => {
    for (const socket of [...open]) socket.destroy();
  };
  return {
    port: address.port,
    stall: (ms) => {
      for (const way of ways) way.stall(ms);
    },
    cut,
    close: () => {
      cut();
      proxy.close();
    },
  };
}

/** One way of one connection. */
class Way {
  readonly #to: Socket;
  readonly #delays: Delays;
  readonly #queue: { at: number; bytes: Buffer }[] = [];
  #last = 0;

  constructor(to: Socket, delays: Delays) {
    this.#to = to;
    this.#delays = delays;
  }

  send(bytes: Buffer): void {
    this.#last = Math.max(this.#last, performance.now() + this.#delayMs());
    if (this.#queue.push({ at: this.#last, bytes }) === 1) this.#wait();
  }

  stall(ms: number): void {
    this.#last = Math.max(this.#last, performance.now() + ms);
  }

  /** One timer at a time: of two that are due in the same ms the later one may be first. */
  #wait(): void {
    const [next] = this.#queue;
    if (next) setTimeout(() => this.#deliver(), Math.max(0, next.at - performance.now()));
  }

  #deliver(): void {
    const now = performance.now();
    while (this.#queue[0] && this.#queue[0].at <= now) {
      const { bytes } = this.#queue.shift() as { bytes: Buffer };
      if (this.#to.writable) this.#to.write(bytes);
    }
    this.#wait();
  }

  #delayMs(): number {
    const { baseMs, jitterMs, spikeMs = 0 } = this.#delays;
    const spike = Math.random() < SPIKE_SHARE ? Math.random() * spikeMs : 0;
    return baseMs + (2 * Math.random() - 1) * jitterMs + spike;
  }
}
