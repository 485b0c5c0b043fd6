/**
 * Very many listeners that cost little: plain TCP connections that speak just enough of WebSocket (RFC 6455) to
 * be served, count bytes, and where it is asked for look at when each frame of sound arrives.
 */
import type { Socket } from "bun";
import { answer } from "../support/answer.ts";
import { Lateness } from "../support/lateness.ts";
import { clientFrame, FrameReader } from "../support/wire.ts";

/** Handshakes under way at once. */
const AT_ONCE = 64;

interface Listener {
  reader: FrameReader;
  opened: () => void;
}

const sockets: Socket<Listener>[] = [];
const lateness = new Lateness();
/** Close code 1000: who says it does not come back. */
const GOODBYE = Uint8Array.of(0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8);
let bytes = 0;

async function connect(address: string, isV2: boolean): Promise<void> {
  const { hostname, port, pathname, search } = new URL(address);
  const { promise, resolve } = Promise.withResolvers<void>();
  const protocol = isV2 ? "Sec-WebSocket-Protocol: bardcast.v2\r\n" : "";
  const request =
    `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${protocol}\r\n`;
  const hello = isV2 ? clientFrame('{"type":"hello","codecs":["opus"]}') : undefined;
  const socket = await Bun.connect<Listener>({
    hostname,
    port: Number(port),
    data: {
      reader: new FrameReader((payload) => lateness.heard(payload)),
      opened() {
        if (hello) socket.write(hello);
        resolve();
      },
    },
    socket: {
      open: (own) => void own.write(request),
      data(own, data) {
        bytes += data.length;
        const { reader, opened } = own.data;
        if (reader.read(data)) opened();
      },
    },
  });
  await promise;
  sockets.push(socket);
}

answer({
  async connect(address: string, count: number, isV2: boolean) {
    let left = count;
    const worker = async (): Promise<void> => {
      while (left-- > 0) await connect(address, isV2);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  },
  /** So many of them, the last that came, leave. */
  leave(count: number) {
    for (const socket of sockets.splice(-count, count)) socket.end(GOODBYE);
  },
  /** Everybody sends it. */
  send(text: string) {
    const frame = clientFrame(text);
    for (const socket of sockets) socket.write(frame);
  },
  bytes: () => bytes,
  /** Forgets when frames came until now. */
  listen: () => lateness.clear(),
  lateness: () => lateness.report(),
});
