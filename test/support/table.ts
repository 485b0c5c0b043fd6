import type { SpeechCache } from "../../src/engines/cache/speech-cache.ts";
import { TTSRouter } from "../../src/engines/routing/router.ts";
import { AudioStreamManager } from "../../src/party/audio-stream-manager.ts";
import type { AudioStreamManagerOptions } from "../../src/party/audio-stream-options.ts";
import type { Connection } from "../../src/party/transport/connection.ts";
import {
  ConnectionManager,
  type ConnectionManagerOptions,
} from "../../src/party/transport/connection-manager.ts";
import { memoryStore } from "../../src/voices/text-store.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";
import { FakeSocket } from "./fake-socket.ts";
import { ToneEngine, type ToneEngineOptions } from "./tone-engine.ts";

/** A table without a server: real registry, router, manager and connections, an engine on this thread. */
export interface Table {
  engine: ToneEngine;
  connections: ConnectionManager;
  streams: AudioStreamManager;
  join(player: string, options?: { reads?: boolean }): FakeSocket & { connection: Connection };
}

export interface TableOptions {
  engine?: ToneEngineOptions;
  connections?: ConnectionManagerOptions;
  streams?: Partial<AudioStreamManagerOptions>;
  cache?: SpeechCache;
}

export async function setTable(options: TableOptions = {}): Promise<Table> {
  const engine = new ToneEngine(options.engine);
  const connections = new ConnectionManager(options.connections);
  const { cache } = options;
  const speakWith = cache ? { speakWith: cache.speakWith } : {};
  const streams = new AudioStreamManager({
    registry: await VoiceRegistry.open(memoryStore()),
    router: new TTSRouter({ engines: [engine], ...speakWith }),
    connections,
    cache,
    ...options.streams,
  });
  return {
    engine,
    connections,
    streams,
    join(player, socketOptions) {
      const socket = new FakeSocket(socketOptions);
      const connection = connections.connect(socket, player);
      socket.beforeLook = () => connection.flush();
      return Object.assign(socket, { connection });
    },
  };
}

/** Waits until something is so; the test's own time limit ends it otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}
