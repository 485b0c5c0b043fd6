import type { Invite, PartyStatus, VoiceChoices } from "../../core/protocol/api.ts";
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
    try {
      await this.#call("DELETE", `speak/${encodeURIComponent(utterance)}`);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  status(): Promise<PartyStatus> {
    return this.#call("GET", "status");
  }

  voices(): Promise<VoiceChoices> {
    return this.#call("GET", "voices");
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
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer as Answer;
    const { error } = (answer ?? {}) as { error?: { message?: string } };
    throw new ApiError(response.status, error?.message ?? `the server answered with ${response.status}`);
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
