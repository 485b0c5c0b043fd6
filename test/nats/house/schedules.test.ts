import { describe, expect, test } from "bun:test";
import { hasNats, NatsServer } from "../../support/nats-server.ts";
import { seeded } from "../../support/random.ts";
import { BusRecorder } from "./bus-recorder.ts";
import { eventually, HouseNode } from "./house.ts";
import { WanderingListener } from "./wandering-listener.ts";

/** `HOUSE_SEEDS=1-200 bun test test/nats/house/schedules.test.ts` tries many. */
const [first = 1, last = first] = (process.env.HOUSE_SEEDS ?? "1").split("-").map(Number);
const SEEDS = Array.from({ length: last - first + 1 }, (_, at) => first + at);
const PLAYERS = ["thorin", "elara", "pip"];
const EVENTS = 14;
/** ms until a schedule must have come to rest. */
const PATIENCE_MS = SEEDS.length > 1 ? 90_000 : 30_000;

describe.skipIf(!hasNats)("whatever happens to nodes, to NATS and to listeners", () => {
  for (const seed of SEEDS)
    test(
      `no text is lost, comes twice, or comes to anybody else (seed ${seed})`,
      async () => {
        const random = seeded(seed);
        const choose = (count: number): number => Math.floor(random() * count);
        const server = await NatsServer.start();
        const recorder = await BusRecorder.open(server.url);
        const alive = new Map<string, HouseNode>();
        // One that finds no NATS does not start; whoever started it tries again.
        const start = async (name: string): Promise<void> => {
          const started = await HouseNode.start(server.url, name, 40).catch(() => undefined);
          if (started) alive.set(name, started);
          else await start(name);
        };
        await Promise.all(["a", "b", "c"].map(start));
        const nodes = (): HouseNode[] => [...alive.values()];
        const node = (): HouseNode => nodes()[choose(alive.size)] as HouseNode;
        const listeners = PLAYERS.map((player) => new WanderingListener(player, nodes, choose));
        await Promise.all(listeners.map((listener) => listener.come()));
        const said: { utterance: string; to: string | undefined; word: string }[] = [];
        const saying: Promise<void>[] = [];
        const say = (at: HouseNode, to: string | undefined): void => {
          const word = `word${said.length}x${saying.length}`;
          const line = {
            text: `This is ${word}. And more of it.`,
            ...(to === undefined ? {} : { to: [to] }),
          };
          const id = crypto.randomUUID().replaceAll("-", "");
          // A caller who gets no answer asks another node, by the same name.
          const ask = async (): Promise<void> => {
            for (let asked = at; ; asked = node()) {
              const answer = await asked.beginAs(id, line).catch(() => undefined);
              if (answer?.ok) break;
              await Bun.sleep(100);
            }
            said.push({ utterance: id, to, word });
          };
          saying.push(ask());
        };
        const restarts: Promise<unknown>[] = [];
        const EVENT = [
          () => say(node(), undefined),
          () => say(node(), undefined),
          () => say(node(), PLAYERS[choose(PLAYERS.length)]),
          () => listeners[choose(listeners.length)]?.cut(),
          async () => {
            if (alive.size < 3) return;
            const victim = node();
            alive.delete(victim.name);
            await (random() < 0.7 ? victim.kill() : victim.stop());
            restarts.push(start(victim.name));
          },
          async () => {
            server.pause();
            await Bun.sleep(300 + choose(1_200));
            server.goOn();
          },
        ];
        for (let event = 0; event < EVENTS; event++) {
          await EVENT[choose(EVENT.length)]?.();
          await Bun.sleep(choose(300));
        }
        await Promise.all(restarts);
        await Promise.all(saying);
        say(node(), undefined);
        await saying.at(-1);
        const expected = (player: string): string[] =>
          said
            .filter(({ to }) => to === undefined || to === player)
            .flatMap(({ utterance }) => [`${utterance} 0`, `${utterance} 1`])
            .sort();
        for (const listener of listeners)
          await eventually(async () => listener.texts.length >= expected(listener.player).length);
        for (const listener of listeners) {
          expect(listener.texts.sort()).toEqual(expected(listener.player));
          for (const { to, word } of said)
            if (to !== undefined && to !== listener.player) expect(listener.all).not.toContain(`${word}.`);
        }
        for (const { to, word } of said)
          if (to !== undefined)
            expect(recorder.subjectsOf(`${word}.`).filter((subject) => subject.includes(".all."))).toEqual(
              [],
            );
        for (const listener of listeners) listener.goHome();
        await Promise.all(nodes().map((each) => each.kill()));
        await recorder.close();
        await server.stop();
      },
      PATIENCE_MS,
    );
});
