import { connect, type NatsConnection } from "@nats-io/transport-node";

/** What is said, stored and answered; not requests, which would seem to be heard by somebody then. */
const SUBJECTS = ["bc1.log.>", "bc1.n.>", "bc1.p.*.all.>", "_INBOX.>", "$KV.>"];

/** Everything that goes over a NATS server and that a node may get to see. */
export class BusRecorder {
  readonly messages: { subject: string; text: string }[] = [];
  readonly #client: NatsConnection;

  private constructor(client: NatsConnection) {
    this.#client = client;
    for (const each of SUBJECTS)
      client.subscribe(each, {
        callback: (_error, { subject, data }) => {
          this.messages.push({ subject, text: Buffer.from(data).toString("latin1") });
        },
      });
  }

  static async open(url: string): Promise<BusRecorder> {
    const client = await connect({ servers: url.replace(/^nats:\/\//, ""), maxReconnectAttempts: -1 });
    const recorder = new BusRecorder(client);
    await client.flush();
    return recorder;
  }

  /** Subjects of messages with that text in them. */
  subjectsOf(text: string): string[] {
    return [
      ...new Set(
        this.messages.filter((message) => message.text.includes(text)).map(({ subject }) => subject),
      ),
    ];
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
