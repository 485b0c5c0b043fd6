import { perform } from "./acts/perform.ts";
import { checkEnd } from "./checks/at-the-end.ts";
import { checkBounds } from "./checks/bounds.ts";
import { Fault, must } from "./checks/fault.ts";
import type { Said } from "./checks/said.ts";
import { sniff, sniffText } from "./checks/sniffer.ts";
import { Page } from "./listeners/page.ts";
import { PLAYERS, type Plan, type Player, SEATS } from "./plan.ts";
import { Script } from "./world/actor.ts";
import { HALF_OPEN_MS, Network } from "./world/network.ts";
import { DM_TOKEN, SimulatedServer } from "./world/server.ts";
import { enter } from "./world/virtual-globals.ts";
import { VirtualWorld } from "./world/virtual-world.ts";

/** ms that everything has to come to an end by itself once nothing happens any more. */
const LAST_WORDS_MS = 400_000;
/** ms after which it is looked whether it has. */
const STEP_MS = 10_000;
/** ms for which sound is kept for who comes back. */
const KEEP_MS = 20_000;
/** ms that a server may take to start. */
const START_MS = 2_000;

/** One evening at one table, as a plan has it, on virtual time. */
export class Evening {
  readonly world: VirtualWorld;
  readonly network: Network;
  readonly script: Script = new Script();
  readonly said: Said[] = [];
  /** All that were ever opened. */
  readonly pages: Page[] = [];
  readonly servers: SimulatedServer[] = [];
  readonly plan: Plan;
  /** Links, of who has a seat. */
  readonly tokens: Map<string, string> = new Map();
  /** Promises outside of lines that have not settled. */
  readonly pending: Set<string> = new Set();
  #asked = 0;

  constructor(plan: Plan) {
    this.plan = plan;
    this.world = new VirtualWorld(plan.seed);
    this.network = new Network(this.world, (player, message) => {
      // What is thrown here the product takes for a broken socket.
      this.#try(() => sniff(this.said, player, message));
    });
    this.world.onQuiet = () => this.#look();
  }

  /** Has it all happen. @returns what tells evenings apart @throws Fault, or whatever was thrown */
  run(): string {
    enter(this.world);
    try {
      this.start();
      for (const player of this.plan.here) this.open(player);
      this.pass(500);
      for (const { act, thenMs } of this.plan.acts) {
        this.world.note(act.act);
        perform(this, act);
        this.pass(thenMs);
      }
      this.#end();
      return this.world.history;
    } finally {
      enter(undefined);
    }
  }

  get server(): SimulatedServer {
    return this.servers.at(-1) as SimulatedServer;
  }

  /** Those of a player that are open. */
  pagesOf(player: string): Page[] {
    return this.pages.filter((page) => page.player === player && !page.hasLeft);
  }

  /** A server starts, where the one before was. */
  start(): void {
    const { script, world } = this;
    const server = new SimulatedServer(world, `server ${this.servers.length}`);
    this.servers.push(server);
    this.network.host = undefined;
    const options = {
      script,
      players: PLAYERS,
      hasSilentDeaths: this.plan.hasSilentDeaths,
      log: (message: string) => this.#try(() => sniffText("the log", message)),
      party: { connections: { queueBytes: this.plan.queueBytes }, history: { keepMs: KEEP_MS } },
    };
    world.do(server.realm, () => this.keep("the start", server.start(options)));
    this.pass(START_MS);
    must(server.party !== undefined, () => "the server does not start");
    this.network.host = server;
    for (const player of PLAYERS) {
      if (this.tokens.has(player)) continue;
      this.#at(server.party.tokens.issue(player), (token) => void this.tokens.set(player, token));
    }
  }

  /** A page of the player is opened, by their link. */
  open(player: Player): void {
    const token = this.tokens.get(player);
    must(token !== undefined, () => `${player} has no link`);
    const name = `${player}'s page ${this.pages.length}`;
    const { sync, ...seat } = SEATS[player];
    this.pages.push(new Page(this.network, { player, name, token, ...seat, sync: sync && this.plan.inStep }));
  }

  /** Asks the DM's API. */
  ask(
    method: string,
    path: string,
    body?: object,
    then: (answer: Record<string, unknown>) => void = () => undefined,
    headers: Record<string, string> = {},
  ): void {
    const { server, world } = this;
    const what = `${method} ${path} (${this.#asked++})`;
    world.do(server.realm, () => {
      const request = new Request(`http://table/api/${path}`, {
        method,
        headers: { Authorization: `Bearer ${DM_TOKEN}`, "Content-Type": "application/json", ...headers },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const answer = server.fetch(request).then(async (response) => {
        must(
          response.status < 500 || response.status === 503,
          () => `${what} was answered with ${response.status}`,
        );
        then((await response.json()) as Record<string, unknown>);
      });
      this.keep(what, answer);
    });
  }

  /** Notes that it has to settle. */
  keep(what: string, promise: Promise<unknown>): void {
    this.pending.add(what);
    promise.then(
      () => this.pending.delete(what),
      (error) => {
        this.pending.delete(what);
        this.world.failure ??= { error };
      },
    );
  }

  #at<T>(promise: Promise<T>, then: (value: T) => void): void {
    this.world.do(this.server.realm, () => this.keep("a link", promise.then(then)));
  }

  /** Lets time pass. @throws what went wrong meanwhile */
  pass(ms: number): void {
    this.world.runFor(ms);
    this.#rethrow();
  }

  #look(): void {
    this.#try(() => checkBounds(this));
  }

  #try(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.world.failure ??= { error };
    }
  }

  #rethrow(): void {
    const { failure } = this.world;
    if (failure) throw failure.error instanceof Error ? failure.error : new Fault(String(failure.error));
  }

  #end(): void {
    const { world, server } = this;
    for (const { weather } of this.pages) {
      weather.awayUntil = weather.stalledUntil = 0;
      weather.bytesPerMs = Number.POSITIVE_INFINITY;
    }
    for (let ms = 0; ms < LAST_WORDS_MS; ms += STEP_MS) {
      this.pass(STEP_MS);
      if (ms >= HALF_OPEN_MS && this.said.every(({ pending }) => pending.size === 0)) break;
    }
    checkEnd(this);
    const { party } = server;
    must(party !== undefined, () => "there is no party");
    world.do(server.realm, () => {
      const metrics = server.fetch(new Request("http://table/metrics")).then((answer) => answer.text());
      this.keep(
        "the metrics",
        metrics.then((text) => sniffText("/metrics", text)),
      );
    });
    world.do(server.realm, () => this.keep("the party's end", party.close()));
    this.pass(1_000);
    for (const page of this.pages) if (!page.hasLeft) page.leave(1005);
    this.pass(HALF_OPEN_MS);
    must(this.pending.size === 0, () => `nobody was answered: ${[...this.pending]}`);
    const { streams, connections, lobby } = party;
    must(streams.utterances.length === 0, () => "there are lines when the party is over");
    must(
      connections.all().length === 0 && lobby.count() === 0,
      () => "there are sockets when the party is over",
    );
    must(
      server.workers.every(({ realm }) => !realm.isAlive),
      () => "a worker outlives its pool",
    );
    const left = server.realm.timers.size;
    must(left === 0, () => `${left} timers are left when the party is over`);
    for (const { name, realm } of this.pages) {
      must(realm.timers.size === 0, () => `${name} leaves ${realm.timers.size} timers when it is closed`);
    }
  }
}
