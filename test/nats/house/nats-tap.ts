import { connect, createServer, type Socket } from "node:net";

/** Characters that are kept of one message: of a burst of sound its head, and all of what is text. */
const KEPT_CHARS = 64 * 1024;
const KEPT_OF_SOUND = 2 * 1024;
const SOUND = /\.f(\.|$)/;

/** A message between one node and NATS. */
export interface TappedMessage {
  node: string;
  /** Whether the node was sent it; else it has published it. */
  isTold: boolean;
  /** ms, `performance.now` of this process. */
  at: number;
  subject: string;
  /** Where an answer goes, or what JetStream has there instead. */
  reply: string;
  /** Headers and payload, a character for each byte; of sound its beginning. */
  text: string;
}

/** The wire between one node and its NATS server: it keeps all messages of both ways, and may be cut. */
export class NatsTap {
  readonly messages: TappedMessage[] = [];
  readonly #node: string;
  readonly #open = new Set<Socket>();
  readonly #server = createServer({ noDelay: true }, (client) => this.#join(client));
  readonly #targetPort: number;
  #isSilent = false;

  private constructor(node: string, targetPort: number) {
    this.#node = node;
    this.#targetPort = targetPort;
  }

  static async open(node: string, targetPort: number): Promise<NatsTap> {
    const tap = new NatsTap(node, targetPort);
    await new Promise<void>((resolve) => tap.#server.listen(0, "127.0.0.1", resolve));
    return tap;
  }

  get url(): string {
    const address = this.#server.address();
    return `nats://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  }

  /** From now on carries nothing, and closes nothing either. */
  cutOff(): void {
    this.#isSilent = true;
  }

  /** Carries again; connections from before are gone. */
  comeBack(): void {
    this.#isSilent = false;
    for (const socket of this.#open) socket.destroy();
  }

  close(): void {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
  }

  #join(client: Socket): void {
    const server = connect({ port: this.#targetPort, host: "127.0.0.1", noDelay: true });
    const end = (): void => {
      for (const socket of [client, server]) {
        this.#open.delete(socket);
        socket.destroy();
      }
    };
    for (const [from, to, isTold] of [
      [server, client, true],
      [client, server, false],
    ] as const) {
      const reader = new MessageReader((message) => this.#keep(message, isTold));
      from.on("data", (bytes: Buffer) => {
        if (this.#isSilent) return;
        reader.read(bytes);
        to.write(bytes);
      });
      this.#open.add(from);
      from.on("close", end);
      from.on("error", end);
    }
  }

  #keep(message: Pick<TappedMessage, "subject" | "reply" | "text">, isTold: boolean): void {
    this.messages.push({ node: this.#node, isTold, at: performance.now(), ...message });
  }
}

type Take = (message: Pick<TappedMessage, "subject" | "reply" | "text">) => void;

/** Reads the protocol of NATS clients: lines, and behind some of them so many bytes. */
class MessageReader {
  readonly #take: Take;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(take: Take) {
    this.#take = take;
  }

  read(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    let at = 0;
    for (let end = this.#bytes.indexOf("\r\n", at); end >= 0; end = this.#bytes.indexOf("\r\n", at)) {
      const [verb = "", subject = "", ...rest] = this.#bytes.toString("latin1", at, end).split(" ");
      const begin = end + 2;
      if (!/^H?(MSG|PUB)$/.test(verb)) {
        at = begin;
        continue;
      }
      const length = Number(rest.at(-1));
      if (this.#bytes.length < begin + length + 2) break;
      // What is published has no number of a subscription; messages with headers say their length, too.
      const words = rest.slice(verb.endsWith("MSG") ? 1 : 0, verb.startsWith("H") ? -2 : -1);
      const kept = Math.min(length, SOUND.test(subject) ? KEPT_OF_SOUND : KEPT_CHARS);
      const text = this.#bytes.toString("latin1", begin, begin + kept);
      this.#take({ subject, reply: words[0] ?? "", text });
      at = begin + length + 2;
    }
    this.#bytes = this.#bytes.subarray(at);
  }
}
