import type {
  CharacterList,
  Invite,
  InviteList,
  LogPage,
  PartyStatus,
  VoiceChoices,
} from "../../core/protocol/api.ts";
import type { PreparedLine } from "../../core/protocol/prepared-line.ts";
import type { SoundsStatus } from "../../core/protocol/sounds.ts";
import type { SpeakRequest } from "../../core/protocol/speak-request.ts";
import type { TableSettings } from "../../core/protocol/table-settings.ts";
import type { VoiceCatalogue, VoiceInstall, VoiceSearch } from "../../core/protocol/voices-api.ts";
import type { Place } from "../shared/place.ts";
import { type KeptDraft, keptDraft } from "./draft.ts";

const TIMEOUT_MS = 10_000;
/** Of what is made first, which waits while the table speaks. */
const LONG_MS = 600_000;
/** Of an evening's sound, which is made while it is sent. */
const EVENING_MS = 4 * 3_600_000;
/** As which the console listens along. */
const OWN_EAR = "console";

interface Patience {
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

/** The server said no, or nothing at all (status 0). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The game master's HTTP API, relative to the page. Every call throws `ApiError`. */
export class Api {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Answers as soon as the line is accepted. */
  speak(line: SpeakRequest): Promise<{ utterance: string; waits?: boolean }> {
    return this.#call("POST", "speak", line);
  }

  /** Has a line that waits begun before another, or after all others. */
  move(utterance: string, before: string | null): Promise<unknown> {
    return this.#call("PATCH", `speak/${encodeURIComponent(utterance)}`, { before });
  }

  /** A line that is over by then needs no cancelling. */
  async cancel(utterance: string): Promise<void> {
    await unlessGone(this.#call("DELETE", `speak/${encodeURIComponent(utterance)}`));
  }

  /** Ends what is being said, and what waits. */
  cancelAll(): Promise<unknown> {
    return this.#call("DELETE", "speak");
  }

  /** A page of what was said, newest first. @param before the line before which it ends; none: the newest */
  log(before: string | undefined, limit: number): Promise<LogPage> {
    const query = new URLSearchParams({ limit: String(limit), ...(before ? { before } : {}) });
    return this.#call("GET", `log?${query}`);
  }

  /** What was said, as one file of sound: all of it, or one line. @param query.line its utterance */
  async logSound(query: {
    as: "opus" | "wav";
    whispers: boolean;
    line?: string;
  }): Promise<{ lines: number; sound: Blob }> {
    const { as, whispers, line } = query;
    const asked = new URLSearchParams({ as, whispers: String(whispers), ...(line ? { line } : {}) });
    const response = await this.#fetch("GET", `log/sound?${asked}`, {
      body: undefined,
      timeoutMs: EVENING_MS,
    });
    if (!response.ok) throw await refusal(response);
    const lines = Number(response.headers.get("Bardcast-Lines"));
    try {
      return { lines, sound: await response.blob() };
    } catch {
      throw new ApiError(502, "the sound broke off: a line can no longer be spoken, or the server ended");
    }
  }

  status(): Promise<PartyStatus> {
    return this.#call("GET", "status");
  }

  /**
   * A line as it would sound, as WAV; nobody at the table hears of it.
   * @param engine the one that has to speak it: in another one's voice it would not sound so
   */
  async preview(line: SpeakRequest, signal?: AbortSignal, engine?: string): Promise<ArrayBuffer> {
    const response = await this.#fetch("POST", "preview", { body: line, timeoutMs: LONG_MS, signal });
    if (!response.ok) throw await refusal(response);
    const spoke = response.headers.get("Bardcast-Engines");
    if (engine !== undefined && spoke !== null && spoke !== encodeURIComponent(engine))
      throw new ApiError(503, "this voice cannot be heard just now: another one would speak in its place");
    return response.arrayBuffer();
  }

  /** Has a line made ahead. @returns sentences there are, and how many will start at once */
  prepare(line: SpeakRequest, signal?: AbortSignal): Promise<{ sentences: number; cached: number }> {
    return this.#call("POST", "prepare", line, { timeoutMs: LONG_MS, signal });
  }

  async lines(): Promise<readonly PreparedLine[]> {
    const { lines } = await this.#call<{ lines: readonly PreparedLine[] }>("GET", "lines");
    return lines;
  }

  /** @returns whether they outlast a restart */
  async keepLines(lines: readonly PreparedLine[]): Promise<boolean> {
    const { kept } = await this.#call<{ kept: boolean }>("PUT", "lines", { lines });
    return kept;
  }

  /** A token that hears what is for all. */
  async listenAlong(): Promise<string> {
    const guest = { role: "observer", name: OWN_EAR, expiresInS: 24 * 3600 };
    const { token } = await this.#call<{ token: string }>("POST", "guests", guest);
    return token;
  }

  /** Names of short sounds. */
  async sounds(): Promise<string[]> {
    const { sounds } = await this.#call<SoundsStatus>("GET", "sounds");
    return sounds.flatMap(({ name, builtIn }) => (builtIn === "bed" ? [] : name));
  }

  characters(): Promise<CharacterList> {
    return this.#call("GET", "characters");
  }

  keepCharacter(id: string, sheet: object): Promise<unknown> {
    return this.#call("PUT", `characters/${encodeURIComponent(id)}`, sheet);
  }

  removeCharacter(id: string): Promise<unknown> {
    return this.#call("DELETE", `characters/${encodeURIComponent(id)}`);
  }

  /** Takes the last change back. */
  undoCharacter(): Promise<CharacterList> {
    return this.#call("POST", "characters/undo");
  }

  /** Chooses something for the whole table. */
  choose(settings: Partial<TableSettings>): Promise<TableSettings> {
    return this.#call("PUT", "settings", settings);
  }

  /** Voices that can speak here; what is empty is not asked for. */
  searchVoices(
    query: Readonly<Record<"find" | "language" | "gender" | "engine", string>>,
    signal: AbortSignal,
  ): Promise<VoiceSearch> {
    const asked = Object.entries(query).filter(([, value]) => value !== "");
    return this.#call("GET", `voices/search?${new URLSearchParams(asked)}`, undefined, { signal });
  }

  voices(): Promise<VoiceChoices> {
    return this.#call("GET", "voices");
  }

  /** Voices that sound like people. */
  voiceCatalogue(): Promise<VoiceCatalogue> {
    return this.#call("GET", "voices/catalogue");
  }

  /** Answers as soon as it has begun. */
  installVoice(name: string): Promise<VoiceInstall> {
    return this.#call("POST", "voices/install", { name });
  }

  /** What is over by then needs no stopping. */
  async stopInstall(): Promise<void> {
    await unlessGone(this.#call("DELETE", "voices/install"));
  }

  /** How an installed voice sounds: a WAV file. */
  async voiceSample(name: string): Promise<ArrayBuffer> {
    const response = await this.#fetch("GET", `voices/sample?voice=${encodeURIComponent(name)}`, {
      body: undefined,
    });
    if (!response.ok) throw await refusal(response);
    return response.arrayBuffer();
  }

  /** What was written before this page, or the server, ended. */
  async draft(): Promise<KeptDraft | undefined> {
    const { draft } = await this.#call<{ draft: unknown }>("GET", "draft");
    return keptDraft(draft);
  }

  keepDraft(draft: KeptDraft): Promise<unknown> {
    return this.#call("PUT", "draft", draft);
  }

  invites(): Promise<InviteList> {
    return this.#call("GET", "invites");
  }

  addPlayer(id: string): Promise<Invite> {
    return this.#call("POST", "players", { id });
  }

  /** A new link for the player; the old one stops working. */
  refreshInvite(id: string): Promise<Invite> {
    return this.#call("POST", `players/${encodeURIComponent(id)}/refresh`);
  }

  removePlayer(id: string): Promise<unknown> {
    return this.#call("DELETE", `players/${encodeURIComponent(id)}`);
  }

  lowerHand(id: string): Promise<unknown> {
    return this.#call("DELETE", `players/${encodeURIComponent(id)}/hand`);
  }

  async #call<Answer>(
    method: string,
    path: string,
    body?: unknown,
    patience: Patience = {},
  ): Promise<Answer> {
    const response = await this.#fetch(method, path, { body, ...patience });
    if (!response.ok) throw await refusal(response);
    return (await response.json().catch(() => undefined)) as Answer;
  }

  async #fetch(
    method: string,
    path: string,
    { body, timeoutMs = TIMEOUT_MS, signal }: { body: unknown } & Patience,
  ): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${this.#place.token}` };
    const late = AbortSignal.timeout(timeoutMs);
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (path === "speak") headers.Prefer = "respond-async";
    try {
      return await fetch(new URL(`api/${path}`, this.#place.base), {
        method,
        headers,
        signal: signal ? AbortSignal.any([late, signal]) : late,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new ApiError(0, "the server does not answer");
    }
  }
}

/** Waits for the end of something that may be over already. */
async function unlessGone(ending: Promise<unknown>): Promise<void> {
  try {
    await ending;
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}

/** Why the server said no. */
export async function refusal(response: Response): Promise<ApiError> {
  const { error }: { error?: { message?: string } } = await response.json().catch(() => ({}));
  return new ApiError(response.status, error?.message ?? `the server answered with ${response.status}`);
}
