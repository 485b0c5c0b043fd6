import { probeGapMs } from "../../core/clock/probe-plan.ts";
import { decodeFrame, type Frame } from "../../core/protocol/frame.ts";
import type { Presence, PresenceMessage } from "../../core/protocol/presence.ts";
import type {
  HelloMessage,
  SettingsMessage,
  SpeechMessage,
  V2ClientMessage,
  WelcomeMessage,
} from "../../core/protocol/v2.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { ResumeState } from "./resume-state.ts";
import type { ServerClock } from "./server-clock.ts";
import { isAmount, type OtherMessage } from "./shapes.ts";
import type { Session, SessionLink } from "./table-events.ts";
import type { Transcripts } from "./transcript.ts";
import { parseV2Message } from "./v2-messages.ts";

/** What outlives a connection, so that the next one can go on where it was lost. */
export interface V2State {
  resume: ResumeState;
  transcripts: Transcripts;
  clock: ServerClock;
}

/** A latency that has grown by so much is told at once: an utterance may begin before the next probe. */
const WORTH_TELLING_MS = 20;

export interface V2SessionOptions {
  hello: Omit<HelloMessage, "type" | "resume">;
  /** ms between probes; the server's patience and a clock that is to be precise make it less. */
  probeMs: number;
  /** ms with an unanswered probe after which the connection is dead. */
  silenceMs: number;
  /** Whether the clock is needed for playing in step. */
  isInStep: () => boolean;
  /** ms that must lie between sending and hearing for this client, where that is known. */
  latencyMs: () => number | undefined;
  /** A clock in ms. */
  now: () => number;
}

/**
 * One connection's conversation on the v2 wire, from the `hello` it begins with. Malformed messages, unknown
 * types and frames of utterances that are not open are passed over.
 */
export class V2Session implements Session {
  readonly #link: SessionLink;
  readonly #state: V2State;
  readonly #options: V2SessionOptions;
  readonly #players = new Map<string, Presence>();
  #heartbeat: Heartbeat | undefined;
  readonly #timeout: ReturnType<typeof setTimeout>;
  #patienceMs = Infinity;
  #toldLatencyMs = 0;

  constructor(link: SessionLink, state: V2State, options: V2SessionOptions) {
    this.#link = link;
    this.#state = state;
    this.#options = options;
    const resume = state.resume.point;
    this.#timeout = setTimeout(() => link.lost(), options.silenceMs);
    this.send({ type: "hello", ...options.hello, ...(resume ? { resume } : {}) });
  }

  /** Whether the server has answered `hello`. */
  get isWelcome(): boolean {
    return this.#heartbeat !== undefined;
  }

  send(message: V2ClientMessage | OtherMessage): void {
    this.#link.send(JSON.stringify(message));
  }

  change(settings: Omit<SettingsMessage, "type">): void {
    this.send({ type: "settings", ...settings });
    if (settings.sync !== undefined) this.#beat();
  }

  /** The latency may have changed. */
  latencyChanged(): void {
    const latencyMs = this.#options.latencyMs() ?? 0;
    if (latencyMs > this.#toldLatencyMs + WORTH_TELLING_MS) this.#probe();
  }

  receive(data: unknown): void {
    this.#heartbeat?.heard();
    if (data instanceof ArrayBuffer) {
      this.#frame(data);
      return;
    }
    const message = parseV2Message(data);
    if (message && "utterance" in message) this.#speech(message);
    else if (message) this.#other(message);
  }

  /** A device that slept has a clock that stood still, and a page that comes back wants to be in step at once. */
  wake(): void {
    if (this.isWelcome && this.#options.isInStep()) this.#beat();
  }

  close(): void {
    clearTimeout(this.#timeout);
    this.#heartbeat?.stop();
  }

  #frame(data: ArrayBuffer): void {
    let frame: Frame;
    try {
      frame = decodeFrame(new Uint8Array(data));
    } catch {
      return;
    }
    const utterance = this.#state.resume.frame(frame.handle, frame.sequence);
    if (utterance !== undefined) this.#link.tell("frame", { ...frame, utterance });
  }

  #speech(message: SpeechMessage): void {
    const { resume, transcripts } = this.#state;
    resume.saw(message.offset);
    switch (message.type) {
      case "speech.begin":
        resume.begin(message);
        transcripts.begin(message);
        this.#link.tell("begin", message);
        break;
      case "speech.text":
        this.#link.tell("text", transcripts.sentence(message));
        this.#link.tell("sentence", message);
        break;
      case "speech.move":
        this.#link.tell("move", message);
        break;
      case "speech.fallback":
        this.#link.tell("fallback", message);
        break;
      case "speech.end":
        this.#link.tell("end", message);
        this.#over(message.utterance);
        break;
      case "speech.cancel":
        this.#link.tell("cancel", message);
        this.#over(message.utterance);
    }
  }

  #other(message: Exclude<NonNullable<ReturnType<typeof parseV2Message>>, SpeechMessage>): void {
    switch (message.type) {
      case "welcome":
        this.#welcome(message);
        break;
      case "clock":
        this.#state.clock.learn(message, this.#options.now());
        this.#heartbeat?.answered();
        break;
      case "presence":
        this.#presence(message);
        break;
      case "ping":
        this.send({ type: "pong" });
        break;
      case "answer":
      case "error":
        // Type and message belong together, which the type of a union cannot say here.
        this.#link.tell(message.type, message as never);
        break;
      case "other":
        this.#link.tell("other", message.message);
    }
  }

  #welcome(message: WelcomeMessage): void {
    clearTimeout(this.#timeout);
    const { over, soundless } = this.#state.resume.welcome(message);
    for (const utterance of soundless) this.#link.tell("forgotten", { utterance });
    for (const utterance of over) this.#over(utterance);
    this.#state.clock.welcome(message.epoch);
    this.#patienceMs = message.limits.silenceMs;
    this.#beat();
    const [codec = "pcm16"] = this.#options.hello.codecs;
    const { player, epoch, offset } = message;
    this.#link.tell("connected", { player, codec, epoch, offset });
  }

  /** One stream of probes: signs of life, and the clock. */
  #beat(): void {
    const { now, silenceMs } = this.#options;
    const since = now();
    this.#heartbeat?.stop();
    this.#heartbeat = new Heartbeat({
      gapMs: (sent) => this.#gapMs(sent, now() - since),
      patienceMs: silenceMs,
      probe: () => this.#probe(),
      dead: () => this.#link.lost(),
    });
  }

  #gapMs(sent: number, ageMs: number): number {
    const { isInStep, now, probeMs } = this.#options;
    const everyMs = Math.min(probeMs, this.#patienceMs / 2);
    if (!isInStep()) return everyMs;
    const deviationMs = this.#state.clock.remote?.deviationMs(now());
    return Math.min(everyMs, probeGapMs({ sent, ageMs, deviationMs }));
  }

  #probe(): void {
    const latencyMs = this.#options.latencyMs();
    const latency = isAmount(latencyMs) ? { latencyMs } : {};
    this.#toldLatencyMs = latency.latencyMs ?? 0;
    this.send({ type: "clock", t0: this.#options.now(), ...latency });
  }

  /** The first one after `welcome` names everybody; what follows, only those of whom something changed. */
  #presence({ players }: PresenceMessage): void {
    for (const player of players) this.#players.set(player.id, player);
    this.#link.tell("presence", [...this.#players.values()]);
  }

  #over(utterance: string): void {
    this.#state.resume.over(utterance);
    const line = this.#state.transcripts.over(utterance);
    if (line) this.#link.tell("told", line);
  }
}
