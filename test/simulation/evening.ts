import { checkEnd } from "./checks/at-the-end.ts";
import { Fault, must } from "./checks/fault.ts";
import { isFor, type Said, textOf } from "./checks/said.ts";
import { sniff, sniffText } from "./checks/sniffer.ts";
import { checkBounds } from "./checks/bounds.ts";
import { Page } from "./listeners/page.ts";
import { type Act, type Plan, PLAYERS, type Player, SEATS, type SpeakAct } from "./plan.ts";
import { Script } from "./world/actor.ts";
import { HALF_OPEN_MS, Network } from "./world/network.ts";
import { DM_TOKEN, SimulatedServer } from "./world/server.ts";
import { enter } from "./world/virtual-globals.ts";
import { VirtualWorld } from "./world/virtual-world.ts";

/** ms that everything has to come to an end by itself once nothing happens any more. */
const LAST_WORDS_MS = 400_000;
/** ms after which it is looked whether it has. */
const STEP_MS = 10_000;
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
  readonly #tokens = new Map<string, string>();
  readonly #aborts = new Map<number, AbortController>();
  /** Promises outside of lines that have not settled. */
  readonly pending: Set<string> = new Set();
  #asked = 0;

  constructor(plan: Plan) {
    this.plan = plan;
    this.world = new VirtualWorld(plan.seed);
    this.network = new Network(this.world, (player, message) => sniff(this.said, player, message));
    this.world.onQuiet = () => this.#look();
  }

  /** Has it all happen. @returns what tells evenings apart @throws Fault, or whatever was thrown */
  run(): string {
    enter(this.world);
    try {
      this.#start();
      for (const player of this.plan.here) this.#open(player);
      this.#pass(500);
      for (const { act, thenMs } of this.plan.acts) {
        this.world.note(act.act);
        this.#do(act);
        this.#pass(thenMs);
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

  #start(): void {
    const { script, world } = this;
    const server = new SimulatedServer(world, `server ${this.servers.length}`);
    this.servers.push(server);
    this.network.host = undefined;
    const options = {
      script,
      players: PLAYERS,
      hasSilentDeaths: this.plan.hasSilentDeaths,
      log: (message: string) => sniffText("the log", message),
      party: { connections: { queueBytes: this.plan.queueBytes } },
    };
    world.do(server.realm, () => this.#keep("the start", server.start(options)));
    this.#pass(START_MS);
    must(server.party !== undefined, () => "the server does not start");
    this.network.host = server;
    for (const player of PLAYERS) {
      if (this.#tokens.has(player)) continue;
      this.#at(server.party.tokens.issue(player), (token) => void this.#tokens.set(player, token));
    }
  }

  #do(act: Act): void {
    switch (act.act) {
      case "speak":
        this.#speak(act);
        break;
      case "cancel":
        this.#cancel(act.line, act.way);
        break;
      case "prepare":
        this.#ask("POST", "prepare", { text: "What may be said.", to: "all" });
        break;
      case "status":
        this.#ask("GET", "status");
        break;
      case "open":
        if (this.pagesOf(act.who).length < 3) this.#open(act.who);
        break;
      case "leave":
        for (const page of this.pagesOf(act.who).slice(0, 1)) page.leave(act.code);
        break;
      case "reload":
        for (const page of this.pagesOf(act.who).slice(0, 1)) {
          page.leave(1001);
          this.#open(act.who);
        }
        break;
      case "settings":
        for (const page of this.pagesOf(act.who)) {
          page.trouble();
          page.isMuted ||= act.muted;
          const { muted, sync, captions } = act;
          this.world.do(page.realm, () => page.client.change({ muted, sync, captions }));
        }
        break;
      case "reinvite":
        for (const page of this.pagesOf(act.who)) page.trouble();
        this.#ask("POST", `players/${act.who}/refresh`, undefined, ({ token }) => {
          this.#tokens.set(act.who, String(token));
          this.#replacePages(act.who);
        });
        break;
      case "unseat":
        for (const said of this.said) if (isFor(said, act.who)) said.isCancelled ||= said.to !== "all";
        this.#ask("DELETE", `players/${act.who}`);
        this.#ask("POST", "players", { id: act.who }, ({ token }) => {
          this.#tokens.set(act.who, String(token));
          this.#replacePages(act.who);
        });
        break;
      case "restart":
        this.#restart(act.graceful);
        break;
      default:
        this.#trouble(act);
    }
  }

  /** What happens to networks, machines and clocks. */
  #trouble(act: Act): void {
    const { now } = this.world.time;
    if (act.act === "crash") this.server.workers.findLast(({ realm }) => realm.isAlive)?.die(this.plan.hasSilentDeaths);
    else if (act.act === "freeze") {
      const alive = this.server.workers.filter(({ realm }) => realm.isAlive);
      const worker = alive[act.worker % Math.max(1, alive.length)];
      if (worker) worker.realm.sleepsUntil = now + act.ms;
    } else if (act.act === "sleep" || act.act === "clock") {
      const pages = act.who === "server" ? this.pages : this.pagesOf(act.who);
      for (const page of pages) page.trouble();
      const realms = act.who === "server" ? [this.server.realm] : pages.map(({ realm }) => realm);
      for (const realm of realms) {
        if (act.act === "sleep") realm.sleepsUntil = now + act.ms;
        else realm.wallOffsetMs += act.ms;
      }
      if (act.act === "sleep") this.world.in(act.ms, this.server.realm, () => pages.forEach((page) => page.trouble()));
    } else if ("who" in act && act.who !== "server") {
      for (const page of this.pagesOf(act.who)) this.#disturb(page, act);
    }
  }

  #disturb(page: Page, act: Act): void {
    const { weather, realm } = page;
    const { now } = this.world.time;
    page.trouble();
    if (act.act === "cut") for (const wire of page.wires) wire.cut(act.kind);
    else if (act.act === "stall") weather.stalledUntil = now + act.ms;
    else if (act.act === "away") {
      weather.awayUntil = now + act.ms;
      for (const wire of page.wires) wire.cut("both");
    } else if (act.act === "slow") {
      weather.bytesPerMs = act.bytesPerMs;
      this.world.in(act.ms, realm, () => {
        weather.bytesPerMs = Number.POSITIVE_INFINITY;
        page.trouble();
      });
    }
  }

  #open(player: Player): void {
    const token = this.#tokens.get(player);
    must(token !== undefined, () => `${player} has no link`);
    const name = `${player}'s page ${this.pages.length}`;
    const { sync, ...seat } = SEATS[player];
    this.pages.push(new Page(this.network, { player, name, token, ...seat, sync: sync && this.plan.inStep }));
  }

  /** Whoever had pages opens the new link instead. */
  #replacePages(player: Player): void {
    for (const page of this.pagesOf(player)) {
      page.leave(1005);
      this.#open(player);
    }
  }

  #speak(act: SpeakAct): void {
    const { script, said, world } = this;
    const number = said.length;
    act.sentences.forEach((sentence, at) => script.sentences.set(`K${number}S${at}`, sentence));
    const { to, sentences, priority, interrupt, way, written } = act;
    const own: Said = {
      number,
      to,
      sentences,
      isWritten: written !== null && way === "party",
      priority,
      interrupt,
      server: this.server,
      spokenAt: world.time.now,
      isCancelled: false,
      utterance: undefined,
      id: undefined,
      handedOver: undefined,
      done: undefined,
      doneAt: Number.POSITIVE_INFINITY,
      pending: new Set(),
    };
    said.push(own);
    const texts = sentences.map((_, at) => textOf(own, at));
    const { party, realm } = this.server;
    if (way === "party") {
      const abort = new AbortController();
      this.#aborts.set(number, abort);
      const text = written ? slowly(texts, written) : texts.join(" ");
      if (written?.breaks) own.isCancelled = true;
      world.do(realm, () => {
        if (!party) return;
        const utterance = party.speak({ text, to, priority, interrupt, signal: abort.signal });
        this.#follow(own, utterance.id);
      });
      return;
    }
    const body = { text: texts.join(" "), to, priority, interrupt };
    own.pending.add("the answer");
    this.#ask(
      "POST",
      "speak",
      body,
      (answer) => {
        own.pending.delete("the answer");
        must(typeof answer.utterance === "string", () => `a line was answered with ${JSON.stringify(answer)}`);
        if (way === "http-async") this.#follow(own, answer.utterance);
      },
      way === "http-async" ? { Prefer: "respond-async" } : {},
    );
    if (way === "http") {
      const active = this.server.party?.streams.utterances.findLast((each) => each.text === body.text);
      if (active) this.#follow(own, active.id);
    }
  }

  #follow(own: Said, id: string): void {
    own.id = id;
    const utterance = own.server.party?.streams.utterances.find((active) => active.id === id);
    if (!utterance) return;
    own.utterance = utterance;
    own.pending.add("handedOver").add("done");
    void utterance.handedOver.then((report) => {
      own.handedOver = report;
      own.pending.delete("handedOver");
    });
    void utterance.done.then((report) => {
      own.done = report;
      own.doneAt = this.world.time.now;
      own.pending.delete("done");
    });
  }

  #cancel(line: number, way: "handle" | "http" | "signal"): void {
    const said = this.said[line];
    if (!said || said.server !== this.server) return;
    if (!said.done) said.isCancelled = true;
    if (way === "http") {
      if (said.id !== undefined) this.#ask("DELETE", `speak/${said.id}`);
    } else {
      this.world.do(this.server.realm, () => {
        const abort = this.#aborts.get(line);
        if (way === "signal" && abort) abort.abort();
        else said.utterance?.cancel();
      });
    }
  }

  #restart(isGraceful: boolean): void {
    const old = this.server;
    const { party, realm } = old;
    for (const page of this.pages) page.trouble();
    for (const said of this.said) if (said.server === old && !said.done) said.isCancelled = true;
    if (isGraceful && party) {
      this.network.host = undefined;
      this.world.do(realm, () => this.#keep("the party's end", party.close()));
      this.#pass(12_000);
      must(!this.pending.has("the party's end"), () => "the party does not close");
    }
    realm.isAlive = false;
    for (const { realm: worker } of old.workers) worker.isAlive = false;
    for (const wire of [...this.network.wires]) wire.orphan();
    if (!isGraceful) this.pending.clear();
    this.#start();
  }

  /** Asks the DM's API. */
  #ask(
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
        must(response.status < 500 || response.status === 503, () => `${what} was answered with ${response.status}`);
        then((await response.json()) as Record<string, unknown>);
      });
      this.#keep(what, answer);
    });
  }

  /** Notes that it has to settle. */
  #keep(what: string, promise: Promise<unknown>): void {
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
    this.world.do(this.server.realm, () => this.#keep("a link", promise.then(then)));
  }

  #pass(ms: number): void {
    this.world.runFor(ms);
    this.#rethrow();
  }

  #look(): void {
    if (this.world.failure) return;
    try {
      checkBounds(this);
    } catch (error) {
      this.world.failure = { error };
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
      this.#pass(STEP_MS);
      if (ms >= HALF_OPEN_MS && this.said.every(({ pending }) => pending.size === 0)) break;
    }
    checkEnd(this);
    const { party } = server;
    must(party !== undefined, () => "there is no party");
    world.do(server.realm, () => {
      const metrics = server.fetch(new Request("http://table/metrics")).then((answer) => answer.text());
      this.#keep("the metrics", metrics.then((text) => sniffText("/metrics", text)));
    });
    world.do(server.realm, () => this.#keep("the party's end", party.close()));
    this.#pass(1_000);
    for (const page of this.pages) if (!page.hasLeft) page.leave(1005);
    this.#pass(HALF_OPEN_MS);
    must(this.pending.size === 0, () => `nobody was answered: ${[...this.pending]}`);
    const { streams, connections, lobby } = party;
    must(streams.utterances.length === 0, () => "there are lines when the party is over");
    must(connections.all().length === 0 && lobby.count() === 0, () => "there are sockets when the party is over");
    must(server.workers.every(({ realm }) => !realm.isAlive), () => "a worker outlives its pool");
    const left = server.realm.timers.size;
    must(left === 0, () => `${left} timers are left when the party is over`);
    for (const { name, realm } of this.pages) {
      must(realm.timers.size === 0, () => `${name} leaves ${realm.timers.size} timers when it is closed`);
    }
  }
}

async function* slowly(
  texts: readonly string[],
  { gapMs, breaks }: { gapMs: number; breaks: boolean },
): AsyncGenerator<string> {
  for (const text of texts) {
    await new Promise((resolve) => setTimeout(resolve, gapMs));
    yield `${text} `;
  }
  if (breaks) throw new Error("whoever wrote it is gone");
}
