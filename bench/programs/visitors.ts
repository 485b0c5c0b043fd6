/** Listeners on real sockets: such as note when a text and the first sound come, and such as behave badly. */
import { connect, type Socket } from "node:net";
import { answer } from "../support/answer.ts";
import { clientFrame } from "../support/wire.ts";

const HELLO = '{"type":"hello","codecs":["opus"],"sync":false}';
/** Bytes that a slow reader takes a second. */
const SLOW_BYTES = 2_000;
/** Who takes nothing for ten seconds is closed, and does not read that either: they begin anew by themselves. */
const ANEW_MS = 12_000;
/** Messages that a flooding socket writes in one go, and ms between them. */
const FLOOD_MESSAGES = 50;
const FLOOD_EVERY_MS = 10;

let texts: number[] = [];
let sounds: number[] = [];
/** Counts them: of each, everybody's first text and first sound are noted. */
let line = 0;
let joined: WebSocket[] = [];
const now = (): number => performance.timeOrigin + performance.now();

function listen(address: string, isV2: boolean): Promise<WebSocket> {
  const socket = new WebSocket(address, isV2 ? "bardcast.v2" : []);
  socket.binaryType = "arraybuffer";
  let hasText = 0;
  let hasSound = 0;
  socket.onmessage = ({ data }) => {
    const text = typeof data === "string" ? data.slice(0, 24) : undefined;
    if (text?.startsWith('{"type":"ping"')) socket.send('{"type":"pong"}');
    const isText = text?.startsWith('{"type":"speech.text"') && !data.includes('"atMs"');
    if (isText || text?.startsWith('{"type":"narrative"')) {
      if (hasText !== line) texts.push(now());
      hasText = line;
    } else if (hasText === line && (text === undefined || text.startsWith('{"type":"audio"'))) {
      if (hasSound !== line) sounds.push(now());
      hasSound = line;
    }
  };
  return new Promise((resolve, reject) => {
    socket.onerror = reject;
    socket.onopen = () => {
      if (isV2) socket.send(HELLO);
      resolve(socket);
    };
  });
}

/** On a bare connection, which need not read; comes back where it is closed. */
function rudely(address: string, isV2: boolean, behave: (socket: Socket) => void): void {
  const { hostname, port, pathname, search } = new URL(address);
  const socket = connect({ host: hostname, port: Number(port), highWaterMark: 1024 } as never);
  const offer = isV2 ? "Sec-WebSocket-Protocol: bardcast.v2\r\n" : "";
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${offer}\r\n`,
  );
  socket.once("readable", () => {
    socket.read();
    if (isV2) socket.write(clientFrame(HELLO));
    behave(socket);
  });
  socket.on("error", () => undefined);
  socket.on("close", () => setTimeout(() => rudely(address, isV2, behave), 500));
}

function neverRead(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), ANEW_MS);
  socket.on("close", () => clearTimeout(timer));
}

function readSlowly(socket: Socket): void {
  neverRead(socket);
  const timer = setInterval(() => socket.read(SLOW_BYTES / 10) ?? socket.read(), 100);
  socket.on("close", () => clearInterval(timer));
}

function flood(socket: Socket): void {
  const one = clientFrame(JSON.stringify({ type: "clock", t0: 1 }));
  const many = Buffer.concat(Array.from({ length: FLOOD_MESSAGES }, () => one));
  const timer = setInterval(() => socket.write(many), FLOOD_EVERY_MS);
  socket.resume();
  socket.on("close", () => clearInterval(timer));
}

answer({
  async listen(addresses: string[], isV2: boolean) {
    for (let at = 0; at < addresses.length; at += 50)
      await Promise.all(addresses.slice(at, at + 50).map((address) => listen(address, isV2)));
  },
  /** All of them at once. */
  async join(addresses: string[], isV2: boolean) {
    joined = await Promise.all(addresses.map((address) => listen(address, isV2)));
  },
  part() {
    for (const socket of joined) socket.close();
  },
  neverRead: (addresses: string[], isV2: boolean) => {
    for (const address of addresses) rudely(address, isV2, neverRead);
  },
  readSlowly: (addresses: string[], isV2: boolean) => {
    for (const address of addresses) rudely(address, isV2, readSlowly);
  },
  flood: (addresses: string[], isV2: boolean) => {
    for (const address of addresses) rudely(address, isV2, flood);
  },
  forget() {
    line += 1;
    texts = [];
    sounds = [];
  },
  /** When texts and first sounds have come since then, ms since the epoch: so many of each, or what there is after that time. */
  async heard(count: number, withinMs: number) {
    const until = now() + withinMs;
    while (Math.min(texts.length, sounds.length) < count && now() < until)
      await new Promise((resolve) => setTimeout(resolve, 10));
    return { texts, sounds };
  },
});
