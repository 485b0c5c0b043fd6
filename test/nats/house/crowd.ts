/**
 * By hand: `bun test/nats/house/crowd.ts [listeners of each node]`. Three nodes with 300 listeners each, two of three on v2 and
 * one on dm20; in the middle of a line one node is killed, then the one that makes the lines. Prints what was told.
 */
import { NatsServer } from "../../support/nats-server.ts";
import { HouseNode } from "./house.ts";
import { Dm20Wanderer, WanderingListener } from "./wandering-listener.ts";

const EACH = Number(process.argv[2] ?? 300);
const SENTENCES = 12;
const LINE = Array.from(
  { length: SENTENCES },
  (_, at) => `This is sentence ${at + 1}, which is as long as it takes.`,
).join(" ");

const server = await NatsServer.start();
let nodes = await Promise.all(
  ["a", "b", "c"].map((name) => HouseNode.start(server.url, name, { samples: 40, players: EACH * 3 })),
);
const choose = (count: number): number => Math.floor(Math.random() * count);
const listeners: (WanderingListener | Dm20Wanderer)[] = [];
for (let at = 0; at < EACH * 3; at++) {
  const home = nodes[at % 3] as HouseNode;
  // Whoever's node is killed goes on at another one.
  const where = (): HouseNode[] => (nodes.includes(home) ? [home] : nodes);
  const player = `p${at}`;
  listeners.push(
    at % 9 < 6 ? new WanderingListener(player, where, choose) : new Dm20Wanderer(player, where, choose),
  );
}
const since = performance.now();
for (let at = 0; at < listeners.length; at += 30)
  await Promise.all(listeners.slice(at, at + 30).map((listener) => listener.come()));
console.log(`${listeners.length} listeners came in ${Math.round(performance.now() - since)} ms`);

const v2 = listeners.filter((listener) => listener instanceof WanderingListener);
const dm20 = listeners.filter((listener) => listener instanceof Dm20Wanderer);

async function holder(): Promise<HouseNode> {
  const { cluster } = await (nodes[0] as HouseNode).status();
  return nodes.find(({ name }) => name === cluster?.node) as HouseNode;
}

async function during(what: string, kill: () => Promise<HouseNode | undefined>): Promise<void> {
  const utterance = await (nodes[0] as HouseNode).begin({ text: LINE });
  await Bun.sleep(1_500);
  const victim = await kill();
  const at = performance.now();
  const texts = (listener: WanderingListener): string[] =>
    listener.texts.filter((text) => text.startsWith(utterance));
  while (!v2.every((listener) => listener.endOf(utterance) && texts(listener).length >= SENTENCES)) {
    if (performance.now() - at > 60_000) break;
    await Bun.sleep(50);
  }
  await Bun.sleep(2_000);
  const wrong = v2.filter(
    (listener) => new Set(texts(listener)).size !== SENTENCES || texts(listener).length !== SENTENCES,
  );
  let [whole, holes, resumed, doubled, broken] = [0, 0, 0, 0, 0];
  for (const listener of v2) {
    const heard = listener.soundOf(utterance);
    const sequences = heard.map(({ frame }) => frame.sequence);
    const end = listener.endOf(utterance);
    if (new Set(sequences).size !== sequences.length) doubled += 1;
    if (end?.isBrokenOff) broken += 1;
    const isGapless = sequences.every((sequence, at) => sequence === at);
    if (isGapless && (end?.isBrokenOff || end?.chunks === sequences.length)) whole += 1;
    else holes += 1;
    if (isGapless && new Set(heard.map(({ client }) => client)).size > 1) resumed += 1;
  }
  const onDm20 = dm20.filter(({ all }) => all.includes(LINE)).length;
  console.log(
    `${what} (${victim?.name ?? "nobody"}): texts wrong at ${wrong.length} of ${v2.length}; sound without a gap ${whole}, with ${holes}, ` +
      `doubled ${doubled}, resumed in mid-line by another node ${resumed}, broken off ${broken}; ` +
      `text on dm20 ${onDm20} of ${dm20.length}`,
  );
}

await during("nobody is killed", async () => undefined);
await during("a node with listeners is killed", async () => {
  const holding = await holder();
  const victim = nodes.find((node) => node !== holding) as HouseNode;
  nodes = nodes.filter((node) => node !== victim);
  await victim.kill();
  return victim;
});
await during("the holder is killed", async () => {
  const victim = await holder();
  nodes = nodes.filter((node) => node !== victim);
  await victim.kill();
  return victim;
});
for (const listener of listeners) listener.goHome();
await Promise.all(nodes.map((node) => node.kill()));
await server.stop();
process.exit(0);
