import type { DeliveryReport, PartyStatus } from "../../../src/core/protocol/api.ts";
import { Dm20Client } from "../../support/server.ts";
import { V2SocketClient } from "../../support/v2-socket-client.ts";

const DM_TOKEN = "the game master's own word";
const API_KEY = "the word of this house's programs";

/** Where a node serves a table, and what lets its players in. */
export interface TableDoor {
  url: string;
  players: Record<string, string>;
}

/** A table as one node of the house serves it. */
export class TableAtNode {
  /** The node's. */
  readonly name: string;
  readonly url: string;
  readonly #tokens: Record<string, string>;

  constructor(name: string, { url, players }: TableDoor) {
    this.name = name;
    this.url = url;
    this.#tokens = players;
  }

  tokenOf(player: string): string {
    return this.#tokens[player] ?? "";
  }

  async v2(player: string, hello: object = {}): Promise<V2SocketClient> {
    const client = new V2SocketClient(`${this.url}/ws?token=${this.tokenOf(player)}`);
    await client.greet({ codecs: ["pcm16"], ...hello });
    return client;
  }

  /** The game master's own socket. */
  async console(): Promise<V2SocketClient> {
    const client = new V2SocketClient(`${this.url}/ws?token=${encodeURIComponent(DM_TOKEN)}`);
    await client.greet({ codecs: ["pcm16"] });
    return client;
  }

  async dm20(player: string): Promise<Dm20Client> {
    const client = new Dm20Client(`${this.url}/ws?token=${this.tokenOf(player)}`);
    await client.until("connected", 1);
    return client;
  }

  call(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = {
      Authorization: `Bearer ${DM_TOKEN}`,
      "Content-Type": "application/json",
      ...init.headers,
    };
    return fetch(`${this.url}/api${path}`, { ...init, headers });
  }

  /** Says a line, and resolves when it was handed over. */
  async say(line: object): Promise<DeliveryReport> {
    const answer = await this.call("/speak", { method: "POST", body: JSON.stringify(line) });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as DeliveryReport;
  }

  /** The same, and resolves as soon as its text is kept. */
  async begin(line: object): Promise<string> {
    const init = { method: "POST", body: JSON.stringify(line), headers: { Prefer: "respond-async" } };
    const answer = await this.call("/speak", init);
    if (!answer.ok) throw new Error(await answer.text());
    return ((await answer.json()) as { utterance: string }).utterance;
  }

  /** As a program with the house's key. */
  callAsService(path: string, init: RequestInit = {}): Promise<Response> {
    return this.call(path, { ...init, headers: { ...init.headers, Authorization: `Bearer ${API_KEY}` } });
  }

  /** Has a line said that has a name already, as often as it is asked for. */
  beginAs(id: string, line: object): Promise<Response> {
    const headers = { Prefer: "respond-async", "Bardcast-Utterance": id };
    return this.call("/speak", {
      method: "POST",
      body: JSON.stringify(line),
      headers,
      signal: AbortSignal.timeout(5_000),
    });
  }

  async status(): Promise<PartyStatus> {
    return (await (await this.call("/status")).json()) as PartyStatus;
  }
}
