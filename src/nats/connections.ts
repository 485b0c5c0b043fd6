import { randomId } from "../core/id.ts";
import { BusConnection } from "./connection.ts";
import type { NatsOptions } from "./nats-options.ts";

/** The connections of one node: a server that stalls whoever sends much sound stalls no text. */
export class Connections {
  /** The node's name, in which it is told from the others. */
  readonly node: string;
  /** For texts, requests and leases. */
  readonly text: BusConnection;
  /** For sound. */
  readonly sound: BusConnection;

  private constructor(node: string, text: BusConnection, sound: BusConnection) {
    this.node = node;
    this.text = text;
    this.sound = sound;
  }

  /** @throws BardcastError as `BusConnection.open` */
  static async open(options: NatsOptions): Promise<Connections> {
    const node = options.node ?? randomId().slice(0, 8);
    const text = await BusConnection.open(options, `bardcast ${node} text`);
    try {
      return new Connections(node, text, await BusConnection.open(options, `bardcast ${node} sound`));
    } catch (error) {
      await text.close();
      throw error;
    }
  }

  get isUp(): boolean {
    return this.text.isUp && this.sound.isUp;
  }

  async close(): Promise<void> {
    await Promise.all([this.text.close(), this.sound.close()]);
  }
}
