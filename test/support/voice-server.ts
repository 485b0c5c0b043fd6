import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A place where voices can be downloaded, like that of the releases. */
export class VoiceServer {
  /** `Range` of each request for a file; undefined where there was none. */
  readonly ranges: (string | undefined)[] = [];
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #hashes = new Map<string, string>();
  readonly #server = createServer((request, response) => this.#answer(request, response));
  #breaks = { after: 0, times: 0 };

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
    this.#breaks = { after, times };
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #answer({ url = "", headers }: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(url, this.url);
    if (pathname.endsWith("/checksum.txt")) {
      const lines = [...this.#hashes].map(
        ([path, hash]) => `${hash}  ${path.slice(path.lastIndexOf("/") + 1)}\n`,
      );
      response.end(lines.join(""));
      return;
    }
    const bytes = this.#files.get(pathname);
    if (!bytes) {
      response.writeHead(404).end();
      return;
    }
    const { range } = headers;
    this.ranges.push(range);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    if (from >= bytes.length) {
      response.writeHead(416, { "Content-Range": `bytes */${bytes.length}` }).end();
      return;
    }
    const part = bytes.subarray(from);
    const content = { "Content-Length": part.length };
    const where = { "Content-Range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(range ? 206 : 200, range ? { ...content, ...where } : content);
    this.#send(part, response);
  }

  #send(bytes: Uint8Array, response: ServerResponse): void {
    if (this.#breaks.times === 0) {
      response.end(bytes);
      return;
    }
    this.#breaks.times -= 1;
    response.write(bytes.subarray(0, this.#breaks.after));
    // What was sent must have arrived before the connection is cut.
    setTimeout(() => response.destroy(), 100);
  }
}
