import { type ConnectionState, type HeardReport, Player, type Spoken } from "../../client/index.ts";
import type { TimedSound } from "../../client/output/step.ts";
import type { Answer, AnswerRequest } from "../../core/protocol/answers.ts";
import type { Presence } from "../../core/protocol/presence.ts";
import type { Sounds } from "../../core/protocol/table-settings.ts";
import { Absence } from "./absence.ts";
import { arrivals } from "./arrivals.ts";
import { CaptionBook } from "./captions/caption-book.ts";
import { KeptCaptions } from "./captions/kept-captions.ts";
import { playSilence } from "./device/silence.ts";
import { Extras } from "./extras.ts";
import { oncePerPicture } from "./once-per-picture.ts";
import { ownPresence } from "./own-presence.ts";
import { Recordings } from "./recordings.ts";
import { Replay } from "./replay.ts";
import { FIRST_VIEW, type SeatView } from "./seat-view.ts";
import { levelOf, loadSettings, type Settings, saveSettings } from "./settings.ts";
import { Silence } from "./silence.ts";
import { type LinkOptions, newTableLink, type TableLink } from "./table-link.ts";
import { keepTold, keptTold } from "./told.ts";
import { answerNotice, sentence } from "./words.ts";

const NOTICE_MS = 6_000;
/** That a line is over, a worker may say before it says that it was stopped. */
const WHY_MS = 100;
/** ms between two looks at what is still hidden. */
const REVEAL_MS = 1_000;
/** Built beside this page's script. */
const WORKLET = new URL("assets/player.worklet.js", document.baseURI);

/** One player's seat: their connection and their loudspeaker, as one thing to look at and to handle. */
export class Seat {
  readonly #client: TableLink;
  readonly #player = new Player({ workletUrl: WORKLET, createContext: () => this.#extras.newContext() });
  readonly #extras: Extras;
  readonly #book = new CaptionBook();
  readonly #recordings = new Recordings();
  readonly #replay = new Replay();
  readonly #absence = new Absence();
  readonly #silence = new Silence();
  readonly #watchers = new Set<() => void>();
  #kept: KeptCaptions | undefined;
  #toldMuted = false;
  /** What is to be heard, chosen out of touch. */
  #unsaid: Sounds | undefined;
  #players: readonly Presence[] = [];
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  #revealTimer: ReturnType<typeof setTimeout> | undefined;
  /** What the table hears now. */
  #live: Spoken | undefined;
  /** Lines that have begun and are not over, in order. */
  readonly #open = new Set<string>();
  #view: SeatView = { ...FIRST_VIEW, ...loadSettings() };

  constructor(url: URL, options: LinkOptions) {
    this.#client = newTableLink(url, { ...options, told: keptTold() });
    this.#extras = new Extras(this.#client, url, this);
    keepTold(this.#client);
    this.#recordings.follow(this.#client);
    this.#followTable();
    this.#player.follow(this.#client);
    this.#followSound();
    this.#adjust();
    setInterval(() => this.#countSilence(), 1_000);
    for (const event of ["pagehide", "visibilitychange"]) addEventListener(event, () => this.#keep());
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
    if (this.#player.state === "locked") playSilence();
    this.#player.unlock();
  }

  /** Lets the device click for a while on every second of the table's clock, or give out a sound at its moments. */
  click(sound?: TimedSound): void {
    this.#player.click(sound);
  }

  /** Another way to listen, from now on and the next time. */
  set(settings: Partial<Settings>): void {
    this.#show(settings);
    saveSettings(this.#view);
    this.#adjust();
  }

  /** Which lines this player hears, on all devices and from the next one on. */
  hear(sounds: Sounds): void {
    this.#show({ sounds });
    this.#unsaid = this.#view.connection === "open" ? undefined : sounds;
    this.#client.change({ sounds });
  }

  /** Of those lines, the ones whose sound is here. */
  heardAgain(lines: readonly string[]): readonly string[] {
    return lines.filter((line) => this.#recordings.of(line));
  }

  /** Says them again on this device alone, until the table speaks. Call it in a tap. */
  hearAgain(lines: readonly string[]): void {
    const recorded = lines.map((line) => this.#recordings.of(line)).filter((line) => line !== undefined);
    this.#adjustReplay(lines[0]);
    this.#replay.play(recorded);
    this.goOn();
  }

  /** What was missed is known. */
  goOn(): void {
    this.#show({ missed: [] });
  }

  /** What is being written to the game master; it is kept until the table has it. */
  write(draft: string): void {
    this.#show({ draft });
  }

  /** Tells the game master. False while there is no connection to tell it on. */
  answer(request: AnswerRequest): boolean {
    const isSent = this.#client.answer(request);
    if (!isSent) this.notify("Not sent: out of touch with the table.");
    return isSent;
  }

  /** Something that passes. */
  notify(notice: string): void {
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => this.#show({ notice: undefined }), NOTICE_MS);
    this.#show({ notice });
  }

  #followTable(): void {
    const client = this.#client;
    client.on("state", (state) => this.#connection(state));
    client.on("connected", ({ player }) => this.#sit(player));
    client.on("begin", (message) => {
      this.#open.add(message.utterance);
      this.#absence.begin(message.utterance);
      this.#book.begin(message.utterance);
    });
    client.on("text", (line) => {
      this.#book.text(line);
      this.#show({ reveal: line.reveal });
      this.#adjust();
    });
    client.on("fallback", ({ utterance, sentence }) => {
      this.#book.silent(utterance, sentence);
      this.#show({});
    });
    client.on("cancel", ({ utterance }) => {
      this.#book.stop(utterance);
      this.#show({});
    });
    client.on("forgotten", ({ utterance }) => this.#over(utterance));
    client.on("answer", (answer) => this.#answered(answer));
    client.on("error", ({ message }) => this.notify(sentence(message)));
    client.on("system", ({ content }) => this.notify(content));
    client.on("end", ({ brokenOff }) => {
      if (brokenOff) this.notify("The line broke off before its end.");
    });
    client.on("presence", (players) => {
      const news = arrivals(this.#players, players, this.#view.player);
      this.#players = players;
      this.#show(ownPresence(players, this.#view.player));
      if (news) this.notify(news);
    });
  }

  #followSound(): void {
    this.#player.on("state", (sound) => this.#show({ sound }));
    this.#player.on("step", (step) => this.#show({ step }));
    this.#player.on("spoken", (spoken) => this.#speak(spoken));
    this.#player.on("heard", (report) => {
      if (report.ended) setTimeout(() => this.#heard(report), WHY_MS);
    });
    this.#player.on("dropped", ({ reason }) => {
      if (reason === "undecodable") this.notify("Your browser cannot play this voice. Please read along.");
    });
    this.#replay.on("spoken", (spoken) => {
      if (spoken) this.#adjustReplay(spoken.line);
      if (!this.#live) this.#show({ spoken, isReplay: spoken !== undefined });
    });
  }

  #answered(answer: Answer): void {
    const { kind, player, raised, text } = answer;
    const isOwn = player === this.#view.player;
    if (kind === "text") this.#book.answer(answer, isOwn);
    if (isOwn && kind === "hand") this.#show({ hand: raised === true });
    if (isOwn && text === this.#view.draft.trim()) this.#show({ draft: "" });
    const notice = answerNotice(answer, isOwn);
    if (notice) this.notify(notice);
    else this.#show({});
  }

  #connection(state: ConnectionState): void {
    this.#silence.follow(state);
    const isCrowded = state.name === "refused" && state.why === "crowded";
    this.#show({ connection: state.name, isCrowded });
    this.#countSilence();
  }

  #countSilence(): void {
    const silentSeconds = this.#silence.seconds;
    if (silentSeconds !== this.#view.silentSeconds) this.#show({ silentSeconds });
  }

  #sit(player: string): void {
    this.#absence.connected();
    if (!this.#kept) {
      this.#kept = new KeptCaptions(player);
      this.#book.restore(this.#kept.load());
    }
    if (this.#unsaid) this.#client.change({ sounds: this.#unsaid });
    this.#unsaid = undefined;
    this.#show({ player });
  }

  /** What the table hears goes before what is said again here. */
  #speak(spoken: Spoken | undefined): void {
    this.#live = spoken;
    if (spoken) this.#replay.stop();
    this.#book.spoken(spoken);
    this.#show({ spoken, isReplay: false });
    this.#adjust();
  }

  /** A line is over, and this is how much of it was heard. */
  #heard({ utterance, heardMs }: HeardReport): void {
    const isStopped = this.#book.of(utterance)?.stoppedAt !== undefined;
    if (isStopped) this.#recordings.stop(utterance, heardMs);
    const wasAway = this.#absence.wasLate(utterance) || this.#view.sound === "interrupted";
    this.#over(utterance, wasAway && heardMs === 0 && !isStopped);
  }

  #over(utterance: string, isMissed = false): void {
    this.#open.delete(utterance);
    this.#book.over(utterance, isMissed);
    const { missed } = this.#view;
    this.#show({ missed: isMissed ? [...missed, utterance] : missed });
    this.#adjust();
  }

  #adjust(): void {
    const { muted, volume, trimMs, spoken, isReplay } = this.#view;
    // Who speaks next is as loud as they are to be before they begin.
    const [next] = this.#open;
    this.#player.trimMs = trimMs;
    this.#player.muted = muted;
    this.#player.volume = this.#loudnessOf(this.#live?.line ?? next);
    if (isReplay) this.#adjustReplay(spoken?.line);
    const isSilent = muted || volume === 0;
    if (isSilent !== this.#toldMuted) this.#client.change({ muted: isSilent });
    this.#toldMuted = isSilent;
  }

  #adjustReplay(line: string | undefined): void {
    this.#replay.volume = this.#view.muted ? 0 : this.#loudnessOf(line);
  }

  #loudnessOf(line: string | undefined): number {
    return this.#view.volume * levelOf(this.#view, this.#book.of(line)?.speaker ?? "");
  }

  #keep(): void {
    this.#kept?.save(this.#book.captions);
  }

  #show(change: Partial<SeatView>): void {
    const view = { ...this.#view, ...change };
    this.#view = { ...view, captions: this.#book.readable(view) };
    this.#extras.listen(this.#view, this.#live);
    this.#tell();
    // What the time brings is looked at again.
    clearTimeout(this.#revealTimer);
    if (this.#book.isWaiting) this.#revealTimer = setTimeout(() => this.#show({}), REVEAL_MS);
  }

  /** Once a picture, however much has changed: sound that waits for this thread comes first. */
  readonly #tell = oncePerPicture(() => {
    for (const watcher of this.#watchers) watcher();
  });
}
