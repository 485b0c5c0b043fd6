import {
  type Audiences,
  AudioStreamManager,
  type Connection,
  type ConnectionManager,
  createParty,
  type MessageSender,
  type Party,
  type SpokenResult,
  type Synthesizer,
  TTSRouter,
  type VoiceRegistry,
  type VoiceSource,
} from "bardcast";

/** The shapes of the Python original, as somebody would write them without a type of ours. */
const connections = {
  sent: [] as string[],
  async sendToPlayer(playerId: string, message: object): Promise<void> {
    this.sent.push(`${playerId}: ${JSON.stringify(message)}`);
  },
  async broadcast(message: object): Promise<void> {
    this.sent.push(JSON.stringify(message));
  },
};
const engine = {
  synthesize: async (text: string): Promise<Uint8Array> => new Uint8Array(2000 * text.length),
};

const sender: MessageSender = connections;
const synthesizer: Synthesizer = {
  ...engine,
  synthesize: (): SpokenResult => ({ audio: new Uint8Array(2) }),
};

/** One's own class, with nothing private of ours. */
class OwnConnections implements Audiences {
  readonly silenceMs = 30_000;
  readonly open: Connection[] = [];

  connectionsOf(audience: "all" | readonly string[]): Connection[] {
    return this.open.filter(({ player }) => audience === "all" || audience.includes(player));
  }

  onChange(listener: (connection: Connection, change: "opened" | "ended") => void): () => void {
    for (const connection of this.open) listener(connection, "opened");
    return () => undefined;
  }
}

/** Every part can be replaced, by something small or by an object of the same shape. */
export async function replaced(voices: VoiceSource): Promise<Party> {
  const router = new TTSRouter({ engines: [engine, synthesizer] });
  const registry: Pick<VoiceRegistry, keyof VoiceRegistry> = (await createParty()).registry;
  const whole: Pick<ConnectionManager, keyof ConnectionManager> = (await createParty()).connections;
  new AudioStreamManager({ registry: voices, router: engine, connections: sender });
  new AudioStreamManager({
    registry: voices,
    router: { speak: router.speak.bind(router) },
    connections: new OwnConnections(),
  });
  await createParty({ registry, router, connections: whole });
  return createParty({ connections, registry: voices, router: synthesizer, engines: [engine, "espeak"] });
}
