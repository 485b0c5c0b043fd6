import { BardcastError, type ErrorCode } from "../../core/errors.ts";
import type { LogPage, PartyStatus, RecentUtterance } from "../../core/protocol/api.ts";
import { commandLine } from "../command-line.ts";
import { runningTable } from "./table-file.ts";
import type { TypedTableOptions } from "./table-options.ts";

/** Pages of the log that are looked through for a line. */
const PAGE = 100;

/** A running table, by its HTTP API. */
export class TableClient {
  readonly url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.url = url.replace(/\/+$/, "");
    this.#token = token;
  }

  /**
   * The table that is meant: by its address, else the one that runs in the campaign's folder.
   * @throws BardcastError `not-found` where none runs there, `unauthorized` where nobody tells its token
   */
  static async find({ campaign, url, token }: TypedTableOptions): Promise<TableClient> {
    const found = url === undefined ? await runningTable(campaign) : { url, token: undefined };
    if (!found) {
      const message = `no table runs in ${campaign}: start one (${commandLine("serve")}), or name it with --campaign or --url`;
      throw new BardcastError("not-found", message);
    }
    const known = token ?? (process.env.BARDCAST_DM_TOKEN || found.token);
    if (known !== undefined) return new TableClient(found.url, known);
    throw new BardcastError("unauthorized", `${found.url} wants a token: set BARDCAST_DM_TOKEN, or --token`);
  }

  status(): Promise<PartyStatus> {
    return this.call("/status");
  }

  /** A line that is over; undefined where it is not known. */
  async said(utterance: string): Promise<RecentUtterance | undefined> {
    const { utterances }: LogPage = await this.call(`/log?limit=${PAGE}`);
    return utterances.find((each) => each.utterance === utterance);
  }

  /**
   * Asks the API.
   * @throws BardcastError as the table says it; `not-found` where nothing answers, or something else does
   */
  async call<T>(path: string, init: RequestInit & { duplex?: "half" } = {}): Promise<T> {
    const headers = { ...init.headers, Authorization: `Bearer ${this.#token}` };
    const response = await fetch(`${this.url}/api${path}`, { ...init, headers }).catch((cause) => {
      throw new BardcastError("not-found", `no table answers at ${this.url}`, { cause });
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (typeof answer !== "object" || answer === null) {
      throw new BardcastError("not-found", `what answers at ${this.url} is no table of Bardcast`);
    }
    if (response.ok) return answer as T;
    const { error } = answer as { error?: { code?: ErrorCode; message?: string } };
    throw new BardcastError(
      error?.code ?? "internal",
      error?.message ?? `the table answered ${response.status}`,
    );
  }
}
