import { createHash } from "node:crypto";

/** A place where voices can be downloaded, like that of the releases. */
export class VoiceServer {
  /** `Range` of each request for a file; undefined where there was none. */
  readonly ranges: (string | null)[] = [];
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #hashes = new Map<string, string>();
  readonly #server: ReturnType<typeof Bun.serve>;
  /** Bytes after which a connection breaks, for so many connections. */
  #breaks: { after: number; times: number } = { after: 0, times: 0 };

  constructor() {
    this.#server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => this.#answer(request) });
  }

  get url(): string {
    return `${this.#server.url}`;
  }

  /** @param hash what `checksum.txt` says of it; by default the truth, where null nothing */
  offer(path: string, bytes: Uint8Array<ArrayBuffer>, hash?: string | null): void {
    this.#files.set(`/${path}`, bytes);
    const truth = createHash("sha256").update(bytes).digest("hex");
    if (hash !== null) this.#hashes.set(path, hash ?? truth);
  }

  breakOff(after: number, times: number): void {
    this.#breaks = { after, times };
  }

  async stop(): Promise<void> {
    await this.#server.stop(true);
  }

  #answer(request: Request): Response {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith("/checksum.txt")) {
      const lines = [...this.#hashes].map(
        ([path, hash]) => `${hash}  ${path.slice(path.lastIndexOf("/") + 1)}\n`,
      );
      return new Response(lines.join(""));
    }
    const bytes = this.#files.get(pathname);
    if (!bytes) return new Response("not here", { status: 404 });
    const range = request.headers.get("Range");
    this.ranges.push(range);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    const headers: Record<string, string> = { "Accept-Ranges": "bytes" };
    if (from >= bytes.length) {
      return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${bytes.length}` } });
    }
    if (range) headers["Content-Range"] = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    headers["Content-Length"] = `${bytes.length - from}`;
    return new Response(this.#body(bytes.subarray(from)), { status: range ? 206 : 200, headers });
  }

  #body(bytes: Uint8Array<ArrayBuffer>): BodyInit {
    if (this.#breaks.times === 0) return bytes;
    this.#breaks.times -= 1;
    const { after } = this.#breaks;
    let sent = false;
    return new ReadableStream({
      async pull(controller) {
        if (sent) {
          // What was sent must have arrived before the connection is cut.
          await Bun.sleep(100);
          controller.error(new Error("cut"));
          return;
        }
        sent = true;
        controller.enqueue(bytes.slice(0, after));
      },
    });
  }
}
