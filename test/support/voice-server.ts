import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A place where voices can be downloaded, like that of the releases. */
export class VoiceServer {
  /** `Range` of each request for a file; undefined where there was none. */
  readonly ranges: (string | undefined)[] = [];
  /** Whether it tells one version of a file from another (`ETag`, `If-Range`). */
  tags = true;
  /** How it writes `checksum.txt`: like the releases of sherpa-onnx, or like `sha256sum`. */
  index: "name first" | "hash first" = "name first";
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #hashes = new Map<string, string>();
  readonly #server = createServer((request, response) => this.#answer(request, response));
  #breaks = { after: 0, times: 0, stalls: false };

  static async start(): Promise<VoiceServer> {
    const server = new VoiceServer();
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** @param hash what `checksum.txt` says of it; by default the truth, where null nothing */
  offer(path: string, bytes: Uint8Array<ArrayBuffer>, hash?: string | null): void {
    this.#files.set(`/${path}`, bytes);
    const truth = createHash("sha256").update(bytes).digest("hex");
    if (hash !== null) this.#hashes.set(path, hash ?? truth);
  }

  /** The next connections are cut after so many bytes. */
  breakOff(after: number, times: number): void {
    this.#breaks = { after, times, stalls: false };
  }

  /** The next connection stays open after so many bytes, and nothing more comes. */
  stall(after: number): void {
    this.#breaks = { after, times: 1, stalls: true };
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #answer({ url = "", headers }: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(url, this.url);
    if (pathname.endsWith("/checksum.txt")) {
      const lines = [...this.#hashes].map(([path, hash]) => {
        const name = path.slice(path.lastIndexOf("/") + 1);
        return this.index === "name first" ? `${name}\t${hash}\n` : `${hash} *${name}\n`;
      });
      response.end(lines.join(""));
      return;
    }
    const bytes = this.#files.get(pathname);
    if (!bytes) {
      response.writeHead(404).end();
      return;
    }
    const tag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}"`;
    const isOther = headers["if-range"] !== undefined && headers["if-range"] !== tag;
    const range = isOther ? undefined : headers.range;
    this.ranges.push(headers.range);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    if (from >= bytes.length) {
      response.writeHead(416, { "Content-Range": `bytes */${bytes.length}` }).end();
      return;
    }
    const part = bytes.subarray(from);
    response.setHeader("Content-Length", part.length);
    if (this.tags) response.setHeader("ETag", tag);
    if (range) response.setHeader("Content-Range", `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
    response.writeHead(range ? 206 : 200);
    this.#send(part, response);
  }

  #send(bytes: Uint8Array, response: ServerResponse): void {
    if (this.#breaks.times === 0) {
      response.end(bytes);
      return;
    }
    this.#breaks.times -= 1;
    response.write(bytes.subarray(0, this.#breaks.after));
    if (this.#breaks.stalls) return;
    // What was sent must have arrived before the connection is cut.
    setTimeout(() => response.destroy(), 100);
  }
}
