import { V2SocketClient } from "../../support/v2-socket-client.ts";
import { eventually, type HouseNode } from "./house.ts";

/** A listener on the v2 wire who comes back, at whichever node there is, and goes on where they were. */
export class WanderingListener {
  readonly player: string;
  /** How often each sentence of a line was told, by the line and the sentence's number. */
  readonly told: Map<string, number> = new Map();
  readonly #clients: V2SocketClient[] = [];
  readonly #nodes: () => readonly HouseNode[];
  readonly #choose: (count: number) => number;
  #isHome = false;
  #coming: Promise<void> | undefined;

  /** @param choose picks one of so many */
  constructor(player: string, nodes: () => readonly HouseNode[], choose: (count: number) => number) {
    this.player = player;
    this.#nodes = nodes;
    this.#choose = choose;
  }

  /** Texts as they were told, in order, each once: a line and its sentence's number. */
  get texts(): string[] {
    const texts = this.#clients.flatMap((client) => client.of("speech.text").filter(({ words }) => !words));
    return texts.map(({ utterance, sentence }) => `${utterance} ${sentence}`);
  }

  /** All that this listener was told, as text. */
  get all(): string {
    return JSON.stringify(this.#clients.flatMap(({ messages }) => messages));
  }

  /** Connects, and again whenever the connection is lost. Resolves when it is there. */
  come(): Promise<void> {
    this.#coming ??= this.#come().finally(() => {
      this.#coming = undefined;
    });
    return this.#coming;
  }

  cut(): void {
    this.#clients.at(-1)?.cut();
  }

  goHome(): void {
    this.#isHome = true;
    this.#clients.at(-1)?.socket.close(1000);
  }

  async #come(): Promise<void> {
    while (!this.#isHome) {
      const nodes = this.#nodes();
      const node = nodes[this.#choose(nodes.length)];
      const client = node && (await this.#try(node));
      if (client) {
        client.socket.addEventListener("close", () => {
          if (!this.#isHome) void this.come();
        });
        return;
      }
      await Bun.sleep(50);
    }
  }

  async #try(node: HouseNode): Promise<V2SocketClient | undefined> {
    const resume = this.#resume;
    const client = new V2SocketClient(`${node.url}/ws?token=${node.tokenOf(this.player)}`);
    const isClosed = (): boolean => client.socket.readyState >= WebSocket.CLOSING;
    await eventually(async () => isClosed() || client.socket.readyState === WebSocket.OPEN);
    if (isClosed()) return undefined;
    this.#clients.push(client);
    client.say({ type: "hello", codecs: ["pcm16"], ...(resume ? { resume } : {}) });
    await eventually(async () => isClosed() || client.of("welcome").length > 0);
    return client;
  }

  get #resume(): object | undefined {
    const messages = this.#clients.flatMap((client) => client.messages);
    const welcome = messages.find((message) => message.type === "welcome");
    if (!welcome) return undefined;
    const offset = Math.max(
      welcome.offset,
      ...messages.map((message) => ("offset" in message ? message.offset : 0)),
    );
    const over = new Set(
      messages.flatMap((message) =>
        message.type === "speech.end" || message.type === "speech.cancel" ? message.utterance : [],
      ),
    );
    const frames = this.#clients.flatMap((client) => client.frames);
    const utterances = messages.flatMap((message) => {
      if (message.type !== "speech.begin" || over.has(message.utterance)) return [];
      const last = frames.findLast(({ handle }) => handle === message.handle);
      return [[message.handle, last?.sequence ?? -1]];
    });
    return { epoch: welcome.epoch, offset, utterances };
  }
}
