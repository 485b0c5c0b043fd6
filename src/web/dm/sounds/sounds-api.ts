import type {
  HitRequest,
  PlayBedRequest,
  SoundInfo,
  SoundMeasure,
  SoundsStatus,
  SoundVolumes,
  StopBedsRequest,
} from "../../../core/protocol/sounds.ts";
import type { Place } from "../../shared/place.ts";
import { ApiError, refusal } from "../api.ts";

/** Files are large, and come over a network at home. */
const FILE_MS = 120_000;
const TIMEOUT_MS = 10_000;

/** The part of the HTTP API that is about sounds. Every call throws `ApiError`. */
export class SoundsApi {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  status(): Promise<SoundsStatus> {
    return this.#json("GET", "");
  }

  play(bed: PlayBedRequest): Promise<SoundsStatus> {
    return this.#json("POST", "/play", bed);
  }

  stop(beds: StopBedsRequest): Promise<SoundsStatus> {
    return this.#json("POST", "/stop", beds);
  }

  hit(hit: HitRequest): Promise<unknown> {
    return this.#json("POST", "/hit", hit);
  }

  setVolumes(volumes: SoundVolumes): Promise<SoundsStatus> {
    return this.#json("PUT", "/volumes", volumes);
  }

  add(file: File): Promise<SoundInfo> {
    return this.#answer("POST", `?${new URLSearchParams({ name: file.name })}`, { body: file }, FILE_MS);
  }

  remove(id: string): Promise<SoundsStatus> {
    return this.#json("DELETE", `/${id}`);
  }

  measure(id: string, measure: SoundMeasure): Promise<SoundsStatus> {
    return this.#json("PUT", `/${id}/measure`, measure);
  }

  async file(id: string): Promise<ArrayBuffer> {
    return (await this.#fetch("GET", `/${id}/file`, {}, FILE_MS)).arrayBuffer();
  }

  #json<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    if (body === undefined) return this.#answer(method, path, {}, TIMEOUT_MS);
    const headers = { "Content-Type": "application/json" };
    return this.#answer(method, path, { headers, body: JSON.stringify(body) }, TIMEOUT_MS);
  }

  async #answer<Answer>(method: string, path: string, init: RequestInit, timeoutMs: number): Promise<Answer> {
    return (await (await this.#fetch(method, path, init, timeoutMs)).json()) as Answer;
  }

  async #fetch(method: string, path: string, init: RequestInit, timeoutMs: number): Promise<Response> {
    const { base, token } = this.#place;
    const headers = { Authorization: `Bearer ${token}`, ...init.headers };
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(new URL(`api/sounds${path}`, base), {
      ...init,
      method,
      headers,
      signal,
    }).catch(() => {
      throw new ApiError(0, "the server does not answer");
    });
    if (!answer.ok) throw await refusal(answer);
    return answer;
  }
}
