import { type Line, PartyClient, Player, type PlayerState, type Spoken } from "../client/index.ts";
import { type UnreachableCode, whyUnreachable } from "../client/reach.ts";
import { PlayerView } from "./player-view.ts";
import { socketOf, type TableAddress, tableAddress } from "./table-address.ts";

/** What is in the way of a listener, and what to do about it. */
export interface Problem {
  code: UnreachableCode | "bad-address" | "token-refused" | "too-many-devices";
  message: string;
}

/** Where a listener stands. */
export interface ListenerState {
  /** `idle`: it has no address or no token yet. */
  connection: "idle" | "connecting" | "open" | "waiting" | "refused";
  sound: PlayerState;
  problem: Problem | undefined;
}

/** Events of the element by their names; each is a `CustomEvent` with this as its `detail`. None bubbles. */
export interface BardcastPlayerEvents {
  /** A line; again whenever more of it is known. Its text comes before its sound. */
  line: Line;
  /** What is being said now; undefined in silence. */
  spoken: Spoken | undefined;
  /** Something of how it stands is different. */
  state: ListenerState;
}

const WORDS: Readonly<Record<ListenerState["connection"], string>> = {
  idle: "No table yet.",
  connecting: "Finding the table…",
  waiting: "Out of touch with the table. It is tried again.",
  refused: "Not at the table.",
  open: "At the table.",
};
/** That a line is over may be told before it is told that it was stopped. */
const WHY_MS = 100;

/** On a server there are no elements: there it can be imported, not made. */
const Base: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/**
 * `<bardcast-player src="https://party.example">`: a listener's place at a table, in any page. It connects once it is in
 * a page and has an address and a token; taken out of the page it leaves the table, and put back it is told what it
 * missed, as text. Nothing sounds before somebody taps its button, or the page calls `listen` in a tap.
 */
export class BardcastPlayer extends Base {
  static readonly observedAttributes: readonly string[] = ["src", "muted"];

  #view: PlayerView | undefined;
  #address: TableAddress | undefined;
  #token: string | undefined;
  #client: PartyClient | undefined;
  #player: Player | undefined;
  #volume = 1;
  #wantsSound = false;
  #state: ListenerState = { connection: "idle", sound: "locked", problem: undefined };

  /** The table's address, or a player's link, out of which the token is taken at once. */
  get src(): string {
    return this.getAttribute("src") ?? "";
  }

  set src(src: string) {
    this.setAttribute("src", src);
  }

  /** The player's token; it is in no attribute, and in no address. */
  get token(): string {
    return this.#token ?? this.#address?.token ?? "";
  }

  set token(token: string) {
    if (token === this.token) return;
    this.#token = token;
    this.#sitElsewhere();
  }

  /** Muted, the speech goes on unheard and is not caught up on. */
  get muted(): boolean {
    return this.hasAttribute("muted");
  }

  set muted(muted: boolean) {
    this.toggleAttribute("muted", muted);
  }

  /** 0…1 as the ear hears it. */
  get volume(): number {
    return this.#volume;
  }

  set volume(volume: number) {
    if (!Number.isFinite(volume)) throw new TypeError("a volume is a number from 0 to 1");
    this.#volume = Math.min(1, Math.max(0, volume));
    this.#adjust();
  }

  get state(): ListenerState {
    return this.#state;
  }

  /** Begins to sound; call it inside the handler of a tap or a key. */
  listen(): void {
    this.#wantsSound = true;
    this.#player?.unlock();
  }

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    this.#view ??= new PlayerView(root, {
      listen: () => this.listen(),
      mute: () => (this.muted = !this.muted),
      setVolume: (volume) => (this.volume = volume),
    });
    for (const name of ["token", "volume"] as const) this.#takeEarly(name);
    this.#show({});
    this.#sit();
  }

  disconnectedCallback(): void {
    // What is only moved to another place of the page goes on.
    queueMicrotask(() => this.isConnected || this.#rest());
  }

  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (before === value) return;
    if (name === "src") this.#readAddress(value ?? "");
    else this.#adjust();
  }

  /** What a page had set before the element was defined. */
  #takeEarly(name: "token" | "volume"): void {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete (this as { token?: string; volume?: number })[name];
    Object.assign(this, { [name]: value });
  }

  #readAddress(src: string): void {
    const before = this.#address;
    const address = src === "" ? undefined : tableAddress(src, this.baseURI);
    // The same link without its token, which stands there because it was taken out.
    const isSame =
      before && address && address.token === undefined && before.table.href === address.table.href;
    this.#address = isSame ? before : address;
    if (isSame) return;
    if (address?.token !== undefined) {
      this.#token = undefined;
      // Attributes are copied, shown and sent about with the page.
      this.src = address.table.href;
    }
    const isBad = src !== "" && !address;
    const message = "src is the address of a table, or a player's link: https://party.example/play?token=…";
    this.#sitElsewhere(isBad ? { code: "bad-address", message } : undefined);
  }

  /** Another table, or another listener: nothing of what was said to the one before is left. */
  #sitElsewhere(problem?: Problem): void {
    this.#rest();
    this.#client = undefined;
    this.#view?.captions.clear();
    this.#show({ connection: "idle", problem });
    if (this.isConnected) this.#sit();
  }

  /** Takes the place at the table; does nothing while it has it. */
  #sit(): void {
    const address = this.#address;
    const { token } = this;
    if (!address || token === "" || this.#player || !this.#view) return;
    this.#client ??= this.#newClient({ ...address, token });
    this.#player = this.#newPlayer(this.#client);
    // Whoever tapped once in this page need not tap again.
    if (this.#wantsSound) this.#player.unlock();
    try {
      this.#client.connect();
    } catch {
      // Some browsers throw where others fail: an encrypted page, and a socket that is not. It is not tried again.
      this.#show({ connection: "refused" });
      void this.#findOutWhy();
    }
  }

  /** Leaves the table and gives the audio device back; the client still knows what was told. */
  #rest(): void {
    this.#player?.close();
    this.#player = undefined;
    this.#client?.close();
    this.#show({ connection: "idle", sound: "locked" });
  }

  #newClient(address: TableAddress): PartyClient {
    const client = new PartyClient({ url: socketOf(address) });
    const captions = this.#view?.captions;
    const isOwn = (): boolean => this.#client === client;
    client.on("state", (state) => {
      if (!isOwn() || state.name === "closed") return;
      if (state.name === "waiting") void this.#findOutWhy();
      const problem = state.name === "refused" ? refusal(state.why) : this.#state.problem;
      this.#show({ connection: state.name, problem: state.name === "open" ? undefined : problem });
    });
    client.on("text", (line) => {
      captions?.text(line);
      this.#tell("line", line);
    });
    client.on("fallback", ({ utterance, sentence }) => captions?.silent(utterance, sentence));
    client.on("cancel", ({ utterance }) => captions?.stop(utterance));
    client.on("forgotten", ({ utterance }) => captions?.over(utterance));
    return client;
  }

  #newPlayer(client: PartyClient): Player {
    const { workletUrl } = this.constructor as typeof BardcastPlayer;
    const player = new Player(workletUrl ? { workletUrl } : {});
    player.follow(client);
    player.on("state", (sound) => this.#player === player && this.#show({ sound }));
    player.on("spoken", (spoken) => {
      this.#view?.captions.spoken(spoken);
      this.#tell("spoken", spoken);
    });
    player.on("heard", ({ utterance, ended }) => {
      if (ended) setTimeout(() => this.#client === client && this.#view?.captions.over(utterance), WHY_MS);
    });
    player.muted = this.muted;
    player.volume = this.#volume;
    if (this.muted) client.change({ muted: true });
    return player;
  }

  /** Where the worklet is that plays in step; by default beside the client's modules. */
  static get workletUrl(): URL | undefined {
    return undefined;
  }

  async #findOutWhy(): Promise<void> {
    const player = this.#player;
    if (!this.#address) return;
    const problem = await whyUnreachable(new URL("ws", this.#address.table));
    const isStill = player === this.#player && this.#state.connection !== "open";
    if (isStill && problem.code !== this.#state.problem?.code) this.#show({ problem });
  }

  #adjust(): void {
    if (this.#player) {
      if (this.#player.muted !== this.muted) this.#client?.change({ muted: this.muted });
      this.#player.muted = this.muted;
      this.#player.volume = this.#volume;
    }
    this.#show({});
  }

  #show(change: Partial<ListenerState>): void {
    const before = this.#state;
    this.#state = { ...before, ...change };
    const { connection, sound, problem } = this.#state;
    const words =
      problem?.message ?? (connection === "open" ? standing(sound, this.muted) : WORDS[connection]);
    this.#view?.show({ words, sound, muted: this.muted, volume: this.#volume });
    const isNew = (["connection", "sound", "problem"] as const).some(
      (key) => before[key] !== this.#state[key],
    );
    if (isNew) this.#tell("state", this.#state);
  }

  #tell<Name extends keyof BardcastPlayerEvents>(name: Name, detail: BardcastPlayerEvents[Name]): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function standing(sound: PlayerState, muted: boolean): string {
  if (sound !== "running") return `${WORDS.open} No sound yet: read along, or tap Listen.`;
  return muted ? "Muted." : "Listening.";
}

function refusal(why: "crowded" | undefined): Problem {
  return why === "crowded"
    ? { code: "too-many-devices", message: "This player listens on too many other devices already." }
    : {
        code: "token-refused",
        message: "This link is no good any more. The game master has another one.",
      };
}

/** Makes `<bardcast-player>` known to the page, where there is one and it is not known yet. */
export function defineBardcastPlayer(element: typeof BardcastPlayer = BardcastPlayer): void {
  const { customElements } = globalThis;
  if (customElements && !customElements.get("bardcast-player"))
    customElements.define("bardcast-player", element);
}
