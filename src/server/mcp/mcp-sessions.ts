import {
  isInitializeRequest,
  type McpServer,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { BardcastError } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";
import { whenExpired } from "../../party/access/expiry.ts";
import type { Party } from "../../party/party.ts";
import { createMcpServer } from "./create-mcp-server.ts";
import { type McpCaller, mayManage } from "./mcp-caller.ts";

/** Sessions of one person: where they begin another one, that which was quiet longest ends. */
const MAX_PER_PERSON = 8;
/** Sessions of everybody. */
const MAX_SESSIONS = 256;
/** ms in which calls under way are told that the right to make them was lost. */
const LAST_WORD_MS = 1_000;

interface Session {
  player: string;
  server: McpServer;
  transport: WebStandardStreamableHTTPServerTransport;
}

/**
 * Clients of MCP as it was before 2026-07-28, which begin a session and name it with every request. A session ends with
 * the right it was begun by.
 */
export class McpSessions {
  readonly #party: Party;
  /** By id, the one that was quiet longest first. */
  readonly #sessions = new Map<string, Session>();
  readonly #stopWatching: () => void;

  constructor(party: Party) {
    this.#party = party;
    this.#stopWatching = party.tokens.onRevoked((player) => {
      for (const [id, session] of this.#sessions) if (session.player === player) this.#dismiss(id);
    });
  }

  /**
   * @param body what the request's body says; undefined where it has none
   * @throws BardcastError `not-found` where the session is over, or somebody else's; `bad-request`, `busy`
   */
  async answer(request: Request, body: unknown, caller: McpCaller): Promise<Response> {
    const id = request.headers.get("Mcp-Session-Id");
    const { transport } = id === null ? await this.#begin(body, caller) : this.#resumed(id, caller);
    return transport.handleRequest(request, { parsedBody: body });
  }

  close(): void {
    this.#stopWatching();
    for (const session of [...this.#sessions.values()]) end(session);
  }

  #resumed(id: string, { claims }: McpCaller): Session {
    const session = this.#sessions.get(id);
    if (session?.player !== claims.player)
      throw new BardcastError("not-found", "this session is over: begin another one with initialize");
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    return session;
  }

  async #begin(body: unknown, caller: McpCaller): Promise<Session> {
    if (!isInitializeRequest(body))
      throw new BardcastError(
        "bad-request",
        "begin a session with initialize, and name it in Mcp-Session-Id",
      );
    const { claims, table } = caller;
    this.#makeRoom(claims.player);
    const id = randomId();
    const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: () => id });
    const server = createMcpServer({ table, endsWithConnection: false, mayManage: mayManage(caller) });
    const session = { player: claims.player, server, transport };
    this.#sessions.set(id, session);
    const stopExpiry = whenExpired(claims, () => this.#dismiss(id));
    server.server.onclose = () => {
      stopExpiry();
      this.#sessions.delete(id);
    };
    await server.connect(transport);
    return session;
  }

  #makeRoom(player: string): void {
    const own = [...this.#sessions.values()].filter((session) => session.player === player);
    const isFull = this.#sessions.size >= MAX_SESSIONS;
    if (own.length < MAX_PER_PERSON && !isFull) return;
    this.#party.observers.observe({ type: "limit.reached", limit: "mcp_sessions" });
    const [quietest] = own;
    if (!quietest)
      throw new BardcastError("busy", `${MAX_SESSIONS} programs are connected already`, { retryable: true });
    end(quietest);
  }

  /** Takes nothing more on it. */
  #dismiss(id: string): void {
    const session = this.#sessions.get(id);
    if (!session) return;
    this.#sessions.delete(id);
    setTimeout(() => end(session), LAST_WORD_MS);
  }
}

/** What it waited for is not answered; lines that it has said go on. */
function end({ server }: Session): void {
  server.close().catch(() => undefined);
}
