import type { Context } from "hono";
import type { WSContext, WSEvents } from "hono/ws";
import type { SentenceJob, SpeakingEngine } from "../../../src/engines/contract/sentence-job.ts";
import { createParty, type Party, type PartyOptions } from "../../../src/index.ts";
import { createApp } from "../../../src/server/app.ts";
import { voices } from "../load.ts";
import { act, type Script } from "./actor.ts";
import type { Host, Wire } from "./network.ts";
import { SimulatedWorker } from "./speech-worker.ts";
import { Realm, type VirtualWorld } from "./virtual-world.ts";

export const SECRET = "q1w2e3r4t5z6u7i8o9p0a1s2d3f4g5h6";
export const DM_TOKEN = "a-dungeon-masters-own-token-4711";

export interface ServerOptions {
  script: Script;
  players: readonly string[];
  /** Where the log goes. */
  log: (message: string) => void;
  /** Whether workers die without a word. */
  hasSilentDeaths: boolean;
  /** Whether its voices are those of its folder. */
  hasVoices: boolean;
  party?: Partial<PartyOptions>;
}

/** One process with a table in it: the party, its workers and the routes. */
export class SimulatedServer implements Host {
  readonly realm: Realm;
  readonly workers: SimulatedWorker[] = [];
  party: Party | undefined;
  #app: { fetch(request: Request): Response | Promise<Response> } | undefined;
  #upgrade: WSEvents<Wire> | undefined;
  readonly #world: VirtualWorld;

  constructor(world: VirtualWorld, name: string) {
    this.#world = world;
    this.realm = new Realm(name);
  }

  /** Begins to start; `party` is there when it has. */
  start({ script, players, log, hasSilentDeaths, hasVoices, party }: ServerOptions): Promise<void> {
    const { workers, realm } = this;
    const createWorker = (): SimulatedWorker => {
      const worker = new SimulatedWorker(
        this.#world,
        script,
        `${realm.name} worker ${workers.length}`,
        hasSilentDeaths,
      );
      workers.push(worker);
      return worker;
    };
    const starting = createParty({
      engines: [
        { name: "alpha", module: "virtual:alpha" },
        { name: "beta", module: "virtual:beta" },
        service(script),
      ],
      pool: { size: 2, createWorker, hangMs: 8_000, startMs: 3_000 },
      players,
      secret: SECRET,
      dmToken: DM_TOKEN,
      log,
      // A whole number of markers.
      chunkBytes: 516,
      // What it keeps it decodes, and this sound is none.
      cache: false,
      ...(hasVoices ? {} : { registry: voices }),
      ...party,
    });
    return starting.then((ready) => {
      this.party = ready;
      this.#app = createApp<Wire>(ready, {
        upgradeWebSocket: (createEvents) => async (c: Context) => {
          this.#upgrade = await createEvents(c);
          return c.body(null);
        },
        toSocket: (ws: WSContext<Wire>) => (ws.raw as Wire).server,
      });
    });
  }

  async fetch(request: Request): Promise<Response> {
    if (!this.#app) throw new TypeError("it is still starting");
    return this.#app.fetch(request);
  }

  takeUpgrade(): WSEvents<Wire> | undefined {
    const upgrade = this.#upgrade;
    this.#upgrade = undefined;
    return upgrade;
  }
}

/** An engine on the server's own thread, as of a network service. */
function service(script: Script): SpeakingEngine {
  return {
    name: "gamma",
    capabilities: { streaming: true, wordTimes: true, sampleRate: 24_000, network: true },
    supportedLanguages: () => ["*"],
    isAvailable: async () => true,
    warmup: async () => undefined,
    probe: async () => undefined,
    shutdown: async () => undefined,
    speak: (job: SentenceJob, options) => act(script, "gamma", job, options?.signal, () => undefined),
    // biome-ignore lint/correctness/useYield: it is never asked for sound that is not encoded.
    async *synthesize() {
      throw new Error("only whole sentences");
    },
  };
}
