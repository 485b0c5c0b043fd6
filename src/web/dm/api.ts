import type {
  Invite,
  PartyStatus,
  VoiceCatalogue,
  VoiceChoices,
  VoiceInstall,
} from "../../core/protocol/api.ts";
import type { SpeakRequest } from "../../core/protocol/speak-request.ts";
import type { Place } from "../shared/place.ts";
import { type KeptDraft, keptDraft } from "./draft.ts";

const TIMEOUT_MS = 10_000;

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
  speak(line: SpeakRequest): Promise<{ utterance: string }> {
    return this.#call("POST", "speak", line);
  }

  /** A line that is over by then needs no cancelling. */
  async cancel(utterance: string): Promise<void> {
    await unlessGone(this.#call("DELETE", `speak/${encodeURIComponent(utterance)}`));
  }

  status(): Promise<PartyStatus> {
    return this.#call("GET", "status");
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
    const response = await this.#fetch("GET", `voices/sample?voice=${encodeURIComponent(name)}`, undefined);
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

  async invites(): Promise<readonly Invite[]> {
    const { players } = await this.#call<{ players: readonly Invite[] }>("GET", "invites");
    return players;
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

  async #call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.#fetch(method, path, body);
    if (!response.ok) throw await refusal(response);
    return response.json();
  }

  async #fetch(method: string, path: string, body: unknown): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${this.#place.token}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (path === "speak") headers.Prefer = "respond-async";
    try {
      return await fetch(new URL(`api/${path}`, this.#place.base), {
        method,
        headers,
        signal: AbortSignal.timeout(TIMEOUT_MS),
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

async function refusal(response: Response): Promise<ApiError> {
  const { error }: { error?: { message?: string } } = await response.json().catch(() => ({}));
  return new ApiError(response.status, error?.message ?? `the server answered with ${response.status}`);
}
