import { PartyClient } from "../../../src/client/party-client.ts";
import type { PartyEvents } from "../../../src/client/session/party-events.ts";
import type { Codec, WelcomeMessage } from "../../../src/core/protocol/v2.ts";
import type { Network, Weather, Wire } from "../world/network.ts";
import { Realm } from "../world/virtual-world.ts";
import { ClipEars } from "./clip-ears.ts";
import { FrameEars } from "./frame-ears.ts";

export interface PageOptions {
  player: string;
  name: string;
  token: string;
  /** Codecs of the v2 wire; undefined: dm20. */
  codecs: readonly Codec[] | undefined;
  sync: boolean;
  /** Whether it says how far it hears. */
  reports: boolean;
  /** Called with each `welcome`, and the epoch before it. */
  onWelcome: (welcome: WelcomeMessage, before: string | undefined) => void;
}

/** One page of one player, from when it is loaded until it is left: the real client, on simulated ears. */
export class Page {
  readonly options: PageOptions;
  readonly realm: Realm;
  readonly weather: Weather;
  readonly client: PartyClient;
  readonly frames: FrameEars | undefined;
  readonly clips: ClipEars;
  readonly openedAt: number;
  /** Since when it is told everything; on dm20 by this connection. */
  welcomedAt: number = Number.POSITIVE_INFINITY;
  epoch: string | undefined;
  /** Its network was slow: it may be sent less, until enough was said since. */
  wasSlow = false;
  /** Times at which something happened to it. */
  readonly troubles: number[] = [];
  /** When it was closed. */
  leftAt: number = Number.POSITIVE_INFINITY;
  isMuted = false;
  readonly #network: Network;

  constructor(network: Network, options: PageOptions) {
    this.options = options;
    this.#network = network;
    const { world } = network;
    const { player, name, token, codecs, sync } = options;
    this.realm = new Realm(name);
    this.weather = {
      delayMs: 1 + Math.floor(world.luck() * 60),
      bytesPerMs: Number.POSITIVE_INFINITY,
      stalledUntil: 0,
      awayUntil: 0,
    };
    this.openedAt = world.time.now;
    const onText = (text: string): void => {
      if (text.startsWith('{"type":"welcome"')) this.#welcome(JSON.parse(text));
    };
    const device = { player, realm: this.realm, weather: this.weather, onText };
    this.client = new PartyClient({
      url: `http://table/ws?token=${token}`,
      ...(codecs ? { codecs } : { wire: "dm20" }),
      sync,
      WebSocket: network.socketsOf(device),
      fetch: network.fetchOf(device),
    });
    let hasOpened = false;
    this.listen("state", ({ name }) => {
      // Until it was open for the first time it has missed nothing.
      hasOpened ||= name === "open";
      if (hasOpened && (name !== "open" || this.troubles.length > 0)) this.trouble();
    });
    if (codecs) this.frames = new FrameEars(this, world);
    this.clips = new ClipEars(this);
    this.listen("connected", ({ epoch }) => {
      if (epoch === undefined) this.welcomedAt = world.time.now;
    });
    world.do(this.realm, () => this.client.connect());
  }

  #welcome(welcome: WelcomeMessage): void {
    const { epoch, continues } = welcome;
    const before = this.epoch;
    if (epoch !== before && continues === undefined) this.welcomedAt = this.#network.world.time.now;
    this.epoch = epoch;
    this.frames?.welcome(welcome, epoch !== before);
    this.options.onWelcome(welcome, before);
  }

  get player(): string {
    return this.options.player;
  }

  get name(): string {
    return this.options.name;
  }

  get hasLeft(): boolean {
    return this.leftAt < Number.POSITIVE_INFINITY;
  }

  /** Whether it is there to be told everything. */
  get isListening(): boolean {
    return !this.hasLeft && this.client.state.name === "open";
  }

  /** Its sockets, the old ones too. */
  get wires(): readonly Wire[] {
    return [...this.#network.wires].filter(({ device }) => device.realm === this.realm);
  }

  trouble(): void {
    if (!this.hasLeft) this.troubles.push(this.#network.world.time.now);
  }

  /** Whether nothing has happened to it from a minute before `from` until `to`. */
  isUntroubled(from: number, to: number): boolean {
    return to <= this.leftAt && !this.troubles.some((at) => at > from - 60_000 && at <= to);
  }

  /** As `client.on`; what a listener throws ends the evening. */
  listen<Name extends keyof PartyEvents>(event: Name, listener: (event: PartyEvents[Name]) => void): void {
    const { world } = this.#network;
    this.client.on(event, (told) => {
      try {
        listener(told);
      } catch (error) {
        world.failure ??= { error };
      }
    });
  }

  /** Its network is gone for so many ms. */
  goAway(ms: number): void {
    this.weather.awayUntil = this.#network.world.time.now + ms;
    for (const wire of this.wires) wire.cut("both");
  }

  /** Closes it. @param code 1005 where it says goodbye, 1001 where the browser does for it */
  leave(code: number): void {
    this.leftAt = this.#network.world.time.now;
    this.#network.world.do(this.realm, () => {
      for (const wire of this.wires) wire.leave(code);
      this.client.close();
      this.frames?.stop();
    });
  }
}
