import type { Msg } from "@nats-io/nats-core";
import { z } from "zod";
import { BardcastError, toWire } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";
import { UTTERANCE_HEADER } from "../../party/cluster/cluster.ts";
import type { Connections } from "../connections.ts";
import { jsonIn } from "../log/log-entry.ts";
import type { PartySubjects } from "../subjects.ts";
import { OfferedBody, readOffered } from "./offered-body.ts";

/** ms that an answer may take: a line is answered when it was handed over. */
const ANSWER_MS = 600_000;
/** Holders that are asked one after the other, and ms between two. */
const TRIES = 30;
const RETRY_MS = 200;
/** Of a request, what the party's API looks at. */
const HEADERS = ["authorization", "content-type", "prefer", "cookie", UTTERANCE_HEADER.toLowerCase()];

const requestSchema = z.object({
  v: z.literal(1),
  method: z.string(),
  url: z.string(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  body: z.string().optional(),
  /** Where the body is asked for, which is still being written. */
  offered: z.string().optional(),
});
const responseSchema = z.object({
  v: z.literal(1),
  status: z.number().int(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  body: z.string(),
});

/** What forwarding has to know of its node. */
export interface ForwardingNode {
  isHolder: () => boolean;
  /** Takes the party where nobody holds it. Never rejects. */
  claim: () => Promise<void>;
  /** Calls back when the holder is gone, until the returned function is called. */
  onHolderGone: (listener: () => void) => () => void;
}

/** Requests to the party's API: those that came to a node which is not the holder are answered by the one that is. */
export class Forwarding {
  readonly #connections: Connections;
  readonly #subjects: PartySubjects;
  readonly #node: ForwardingNode;
  #serve: ((request: Request) => Promise<Response>) | undefined;

  constructor(connections: Connections, subjects: PartySubjects, node: ForwardingNode) {
    this.#connections = connections;
    this.#subjects = subjects;
    this.#node = node;
  }

  serve(answer: (request: Request) => Promise<Response>): void {
    this.#serve = answer;
  }

  /** @throws BardcastError `closed` where nothing is served here */
  async here(request: Request): Promise<Response> {
    if (!this.#serve) throw new BardcastError("closed", "this node serves nothing");
    return this.#serve(request);
  }

  /** Undefined where this node is the holder. @throws BardcastError `busy`, `payload-too-large` */
  async forward(request: Request): Promise<Response | undefined> {
    if (this.#node.isHolder()) return undefined;
    const headers = new Headers(request.headers);
    if (!headers.has(UTTERANCE_HEADER)) headers.set(UTTERANCE_HEADER, randomId());
    const { pathname, search } = new URL(request.url);
    const { text, node } = this.#connections;
    const isWritten = /^text\/plain\b/i.test(headers.get("content-type") ?? "");
    const subject = this.#subjects.body(node, randomId());
    const offered = request.body && isWritten ? new OfferedBody(text, subject, request.body) : undefined;
    const whole = request.body && !offered ? { body: await request.text() } : {};
    const body = offered ? { offered: subject } : whole;
    const asked = JSON.stringify({
      v: 1,
      method: request.method,
      url: `http://${request.headers.get("host") ?? "localhost"}${pathname}${search}`,
      headers: HEADERS.flatMap((name) => {
        const value = headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
      ...body,
    });
    try {
      return await this.#askInTurn(asked);
    } finally {
      offered?.answered();
    }
  }

  /** Asks holders one after the other, until one answers. @throws BardcastError `busy` */
  async #askInTurn(asked: string): Promise<Response | undefined> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (this.#node.isHolder()) return this.#serve?.(this.#requestOf(asked));
      const answer = await this.#ask(asked);
      if (answer) return answer;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    throw new BardcastError("busy", "no node holds this party: try again later", { retryable: true });
  }

  /** Answers what another node was asked. */
  async answer(message: Msg): Promise<void> {
    const serve = this.#serve;
    if (!serve || !this.#node.isHolder()) return;
    try {
      const response = await serve(this.#requestOf(new TextDecoder().decode(message.data)));
      const body = await response.text();
      message.respond(
        JSON.stringify({ v: 1, status: response.status, headers: [...response.headers], body }),
      );
    } catch (error) {
      const body = JSON.stringify({ error: toWire(error) });
      message.respond(JSON.stringify({ v: 1, status: 500, headers: [], body }));
    }
  }

  #requestOf(asked: string): Request {
    const { method, url, headers, body, offered } = requestSchema.parse(JSON.parse(asked));
    const written = offered === undefined ? body : readOffered(this.#connections.text, offered);
    // A body that is a stream has to say that it may be answered before its end.
    const content = written === undefined ? {} : { body: written, duplex: "half" };
    return new Request(url, { method, headers, ...content });
  }

  /** Undefined where whoever held the party is gone. */
  async #ask(asked: string): Promise<Response | undefined> {
    const gone = new Promise<undefined>((resolve) => {
      const stop = this.#node.onHolderGone(() => {
        stop();
        resolve(undefined);
      });
    });
    try {
      const asking = this.#connections.text.request(this.#subjects.do, asked, { ms: ANSWER_MS });
      const message = await Promise.race([asking, gone]);
      return message && responseIn(message);
    } catch (error) {
      if ((error as { code?: unknown }).code !== "not-found") throw error;
      await this.#node.claim();
      return undefined;
    }
  }
}

function responseIn(message: Msg): Response {
  const { status, headers, body } = responseSchema.parse(jsonIn(message.data));
  return new Response(body, { status, headers });
}
