import type { WelcomeMessage } from "../../src/core/protocol/v2.ts";
import type { PartyOptions } from "../../src/index.ts";
import { perform } from "./acts/perform.ts";
import { FOLDER, getUp } from "./acts/restart.ts";
import { checkEnd, isBack } from "./checks/at-the-end.ts";
import { checkBounds } from "./checks/bounds.ts";
import { checkDoors } from "./checks/doors.ts";
import { Fault, must } from "./checks/fault.ts";
import { checkFiles } from "./checks/files.ts";
import { Links } from "./checks/links.ts";
import type { Said } from "./checks/said.ts";
import { sniff, sniffText } from "./checks/sniffer.ts";
import { Page } from "./listeners/page.ts";
import { LITTLE_BYTES, PLAYERS, type Plan, type Player, type RestartAct, SEATS } from "./plan.ts";
import { Script } from "./world/actor.ts";
import { Disk } from "./world/disk.ts";
import { diskCalls } from "./world/disk-calls.ts";
import { HALF_OPEN_MS, Network } from "./world/network.ts";
import { DM_TOKEN, SECRET, SimulatedServer } from "./world/server.ts";
import { enter } from "./world/virtual-globals.ts";
import { type Realm, VirtualWorld } from "./world/virtual-world.ts";

/** ms that everything has to come to an end by itself once nothing happens any more. */
const LAST_WORDS_MS = 400_000;
/** ms after which it is looked whether it has. */
const STEP_MS = 10_000;
/** ms for which sound is kept for who comes back. */
const KEEP_MS = 20_000;
/** ms that a server may take to start, and on a slow disk; where it hangs, that waits for it as well. */
const START_MS = 2_000;
const SLOW_START_MS = 6_000;
const HUNG_START_MS = 12_500;

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
  readonly links: Links = new Links(this);
  /** What the table's folder is on; undefined where nothing is kept. */
  readonly disk: Disk | undefined;
  /** Whoever makes all this happen: no process of the table's. */
  readonly director: Realm;
  /** The restart that is under way. */
  falling: RestartAct | undefined;
  /** Called when somebody is told that something is done. */
  onTold: (() => void) | undefined;
  /** Until then something may have been the matter with the disk. */
  unwellUntil = 0;
  /** Whose folder was removed. */
  #spoilt: SimulatedServer | undefined;
  /** Servers that were started while the disk hung. */
  readonly #strangers = new Set<SimulatedServer>();
  /** Of servers whose pages the next one has to know. */
  readonly epochs: Set<string> = new Set();
  /** Promises outside of lines that have not settled. */
  readonly pending: Set<string> = new Set();
  #asked = 0;

  constructor(plan: Plan) {
    this.plan = plan;
    this.world = new VirtualWorld(plan.seed);
    this.director = this.world.realm;
    const disk = plan.store ? new Disk(this.world, plan.store) : undefined;
    this.disk = disk;
    if (disk) this.world.files = (realm) => diskCalls(disk, realm);
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
        getUp(this);
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
    // What a server gives out that knows nothing of the folder is not known to the next one.
    const before = this.servers.at(-1);
    if (before && this.#strangers.has(before)) this.nothingIsKept();
    const isHung = this.disk?.has("hung") === true;
    if (isHung) this.nothingIsKept();
    const server = new SimulatedServer(world, `server ${this.servers.length}`);
    server.realm.wallOffsetMs = this.servers.at(-1)?.realm.wallOffsetMs ?? 0;
    this.servers.push(server);
    if (isHung) this.#strangers.add(server);
    this.network.host = undefined;
    const { store, hasSilentDeaths, queueBytes, retainBytes } = this.plan;
    const kept = store && {
      campaignDir: FOLDER,
      secret: store.hasSecret ? SECRET : undefined,
      journal: store.maxChars === undefined ? {} : { maxChars: store.maxChars },
    };
    const options = {
      script,
      players: PLAYERS,
      hasSilentDeaths,
      hasVoices: store?.hasVoices === true,
      log: (message: string) => this.#try(() => sniffText("the log", message)),
      party: {
        ...kept,
        connections: { queueBytes },
        history: { keepMs: KEEP_MS },
        retainBytes,
      } as Partial<PartyOptions>,
    };
    world.do(server.realm, () => this.keep("the start", server.start(options)));
    this.pass(isHung ? HUNG_START_MS : store?.isSlow ? SLOW_START_MS : START_MS);
    must(server.party !== undefined, () => "the server does not start");
    this.network.host = server;
    this.links.check();
  }

  /** A page of the player is opened, by their link. */
  open(player: Player): void {
    const name = `${player}'s page ${this.pages.length}`;
    const { codecs, ...seat } = SEATS[player];
    const sync = seat.sync && this.plan.inStep;
    // Who keeps step has to say how far off they play.
    const reports = seat.reports && (sync || this.plan.reports);
    const token = this.links.of(player);
    const onWelcome = (welcome: WelcomeMessage, before: string | undefined): void => {
      const { epoch, continues } = welcome;
      const isKnown = before === epoch || before === undefined || continues !== undefined;
      must(isKnown || !this.epochs.has(before), () => `${name} is a stranger after a restart`);
      if (this.keepsWell(this.server)) this.epochs.add(epoch);
    };
    const options = { player, name, token, codecs, sync, reports, onWelcome };
    const page = new Page(this.network, options);
    // Who comes back after a connection that was too slow is sent less, on whatever page.
    const keepsLittle = this.plan.retainBytes === LITTLE_BYTES;
    page.wasSlow = keepsLittle || this.pages.some((other) => other.player === player && other.wasSlow);
    this.pages.push(page);
  }

  /** Whoever had pages opens the new link instead. */
  replacePages(player: Player): void {
    for (const page of this.pagesOf(player)) {
      page.leave(1005);
      this.open(player);
    }
  }

  /** Whether what the server keeps outlasts it for sure. */
  keepsWell(server: SimulatedServer): boolean {
    return server !== this.#spoilt && server.party?.store.status?.writable === true;
  }

  /** What was kept is spoilt or gone. */
  nothingIsKept(): void {
    this.#spoilt = this.server;
    for (const said of this.said) said.isKept = false;
    this.epochs.clear();
    this.links.forget();
    this.unwellUntil = Math.max(this.unwellUntil, this.world.time.now);
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

  /** Waits for what the server answers at once. */
  settle<T>(promise: Promise<T>, then: (value: T) => void): void {
    this.world.do(this.server.realm, () => this.keep("an answer", promise.then(then)));
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
      const isQuiet = this.said.every((own) => own.server !== server || own.pending.size === 0);
      const isHeard = this.pages.every(({ frames, hasLeft }) => hasLeft || !frames?.leftMs);
      const areBack = this.pages.every((page) => isBack(page, this));
      if (ms >= HALF_OPEN_MS && isQuiet && isHeard && areBack) break;
    }
    // Pages say the last of it.
    this.pass(STEP_MS);
    checkEnd(this);
    const { party } = server;
    must(party !== undefined, () => "there is no party");
    checkDoors(this);
    this.pass(1_000);
    if (this.disk) checkFiles(this.disk);
    world.do(server.realm, () => this.keep("the party's end", party.close()));
    this.pass(1_000);
    const { streams, connections, lobby } = party;
    must(connections.all().length === 0 && lobby.count() === 0, () => "sockets outlive the party");
    for (const page of this.pages) if (!page.hasLeft) page.leave(1005);
    this.pass(HALF_OPEN_MS);
    must(this.pending.size === 0, () => `nobody was answered: ${[...this.pending]}`);
    const halves = [...(this.disk?.names.keys() ?? [])].filter((name) => name.endsWith(".tmp"));
    must(halves.length === 0 || !this.keepsWell(server), () => `${halves} are left half written`);
    must(streams.utterances.length === 0, () => "there are lines when the party is over");
    must(connections.all().length === 0 && lobby.count() === 0, () => "there are sockets in the end");
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
