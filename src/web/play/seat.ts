import {
  type ConnectionState,
  type Line,
  PartyClient,
  type PartyClientOptions,
  Player,
  type PlayerState,
  type Spoken,
  type StepState,
  withLine,
} from "../../client/index.ts";
import { WorkerClient } from "../../client/worker/worker-client.ts";
import type { Presence } from "../../core/protocol/v2.ts";
import { arrivals } from "./arrivals.ts";
import { Reveals } from "./reveals.ts";
import { loadSettings, type Settings, saveSettings } from "./settings.ts";
import { keepScreenOn } from "./wake-lock.ts";

const NOTICE_MS = 6_000;
/** That a line is over, a worker may say before it says that it was stopped. */
const WHY_MS = 100;
/** ms between two looks at what is still hidden. */
const REVEAL_MS = 1_000;
/** Built beside this page's script. */
const WORKLET = new URL("assets/player.worklet.js", document.baseURI);
const WORKER = new URL("assets/listener.js", document.baseURI);

/** What the player page shows. */
export interface SeatView extends Settings {
  connection: ConnectionState["name"];
  /** It was refused because the player is there with too many devices, and not for the link. */
  isCrowded: boolean;
  sound: PlayerState;
  player: string | undefined;
  lines: readonly Line[];
  /** What is being said, heard or not. */
  spoken: Spoken | undefined;
  /** How well this device keeps step with the others. */
  step: StepState | undefined;
  /** Something that passes: who came, who left, what could not be played. */
  notice: string | undefined;
}

/** One player's seat: their connection and their loudspeaker, as one thing to look at and to handle. */
export class Seat {
  readonly #client: PartyClient | WorkerClient;
  readonly #player = new Player({ workletUrl: WORKLET });
  readonly #watchers = new Set<() => void>();
  readonly #reveals = new Reveals();
  /** All there is of the lines, shown or not. */
  #told: readonly Line[] = [];
  #revealTimer: ReturnType<typeof setTimeout> | undefined;
  #toldMuted = false;
  #players: readonly Presence[] = [];
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  #view: SeatView = {
    connection: "connecting",
    isCrowded: false,
    sound: "locked",
    player: undefined,
    lines: [],
    spoken: undefined,
    step: undefined,
    notice: undefined,
    ...loadSettings(),
  };

  constructor(url: URL, options: Pick<PartyClientOptions, "codecs" | "sync">) {
    this.#client = newClient({ ...options, url });
    this.#client.on("state", (state) => {
      const isCrowded = state.name === "refused" && state.why === "crowded";
      this.#show({ connection: state.name, isCrowded });
    });
    this.#client.on("connected", ({ player }) => this.#show({ player }));
    this.#client.on("text", (line) => this.#tellText(line));
    this.#client.on("fallback", ({ utterance, sentence }) => this.#reveals.silent(utterance, sentence));
    this.#client.on("cancel", ({ utterance }) => this.#reveals.takenBack(utterance));
    this.#client.on("forgotten", ({ utterance }) => this.#reveals.over(utterance));
    this.#client.on("system", ({ content }) => this.#notify(content));
    this.#client.on("end", ({ brokenOff }) => {
      if (brokenOff) this.#notify("The line broke off: the server was started anew.");
    });
    this.#client.on("presence", (players) => {
      const news = arrivals(this.#players, players, this.#view.player);
      this.#players = players;
      if (news) this.#notify(news);
    });
    this.#player.follow(this.#client);
    this.#player.on("state", (sound) => this.#show({ sound }));
    this.#player.on("spoken", (spoken) => {
      this.#reveals.spoken(spoken);
      this.#show({ spoken });
    });
    this.#player.on("heard", ({ utterance, ended }) => {
      if (ended) setTimeout(() => this.#isOver(utterance), WHY_MS);
    });
    this.#player.on("step", (step) => this.#show({ step }));
    this.#player.on("dropped", ({ reason }) => {
      if (reason === "undecodable") this.#notify("Your browser cannot play this voice. Please read along.");
    });
    this.#adjust();
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly view = (): SeatView => this.#view;

  sitDown(): void {
    this.#client.connect();
  }

  /** Call it in a tap. */
  unlock(): void {
    if (this.#player.state === "locked") keepScreenOn();
    this.#player.unlock();
  }

  /** Lets the device click for a while on every second of the table's clock. */
  click(): void {
    this.#player.click();
  }

  /** Another way to listen, from now on and the next time. */
  set(settings: Partial<Settings>): void {
    this.#show(settings);
    saveSettings(this.#view);
    this.#adjust();
  }

  #adjust(): void {
    const { muted, volume, trimMs } = this.#view;
    this.#player.trimMs = trimMs;
    this.#player.muted = muted;
    this.#player.volume = volume;
    const isSilent = muted || volume === 0;
    if (isSilent !== this.#toldMuted) this.#client.change({ muted: isSilent });
    this.#toldMuted = isSilent;
  }

  #notify(notice: string): void {
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => this.#show({ notice: undefined }), NOTICE_MS);
    this.#show({ notice });
  }

  #tellText(line: Line): void {
    this.#reveals.text(line);
    this.#told = withLine(this.#told, line);
    this.#reveal();
  }

  #isOver(utterance: string): void {
    this.#reveals.over(utterance);
    this.#reveal();
  }

  /** What is to be read by now; what the time brings is looked at again. */
  #reveal(): void {
    clearTimeout(this.#revealTimer);
    this.#show({});
    if (this.#reveals.isWaiting) this.#revealTimer = setTimeout(() => this.#reveal(), REVEAL_MS);
  }

  #show(change: Partial<SeatView>): void {
    this.#view = { ...this.#view, ...change, lines: this.#readable() };
    this.#tell();
  }

  /** One that is as it was stays the same object: it is not drawn again. */
  #readable(): readonly Line[] {
    const before = new Map(this.#view.lines.map((line) => [line.id, line]));
    return this.#told.flatMap((line) => {
      const content = this.#reveals.shown(line);
      if (content === line.content) return line;
      const known = before.get(line.id);
      const isSame = known?.content === content && known.sentences === line.sentences;
      return content === "" ? [] : isSame ? known : { ...line, content };
    });
  }

  /** Once a picture, however much has changed: sound that waits for this thread comes first. */
  readonly #tell = oncePerPicture(() => {
    for (const watcher of this.#watchers) watcher();
  });
}

/** `work`, but run once before the next picture; a page that is not seen has none. */
function oncePerPicture(work: () => void): () => void {
  let isDue = false;
  const run = (): void => {
    isDue = false;
    work();
  };
  return () => {
    if (isDue) return;
    isDue = true;
    if (document.visibilityState === "visible") requestAnimationFrame(run);
    else setTimeout(run);
  };
}

/** Out of step nothing is to be gained by a worker; in step a busy page must not be in the way. */
function newClient(options: PartyClientOptions): PartyClient | WorkerClient {
  if (options.sync === false) return new PartyClient(options);
  return new WorkerClient({ ...options, createWorker: () => createWorker(options.url) });
}

/** Where its script does not come, the page does without: words first. What goes wrong in it later says why. */
function createWorker(socketUrl: URL | string): Worker {
  const worker = new Worker(WORKER, { type: "module" });
  worker.onerror = (event) => {
    if (event instanceof ErrorEvent) return;
    const url = new URL(location.href);
    url.searchParams.set("sync", "off");
    // The address no longer has it.
    url.searchParams.set("token", new URL(socketUrl).searchParams.get("token") ?? "");
    location.replace(url);
  };
  return worker;
}
