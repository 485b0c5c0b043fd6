import { expect, test } from "bun:test";
import { chmod, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deferred } from "../../../src/core/async/deferred.ts";
import { createParty } from "../../../src/party/create-party.ts";
import type { Party } from "../../../src/party/party.ts";
import { CampaignState } from "../../../src/party/storage/campaign-state.ts";
import { memoryStore, type TextStore } from "../../../src/voices/text-store.ts";
import { until } from "../../support/table.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

const refused = expect.objectContaining({ code: "unauthorized" });
const LINKS = { players: [["thorin", "abc"]] } as const;

interface Campaign extends AsyncDisposable {
  dir: string;
  /** Where links are kept. */
  file: string;
  log: string[];
  /** A table with the same secret as the one before. */
  sit(players?: readonly string[]): Promise<Party & AsyncDisposable>;
}

async function campaign(): Promise<Campaign> {
  const dir = await mkdtemp(join(tmpdir(), "bardcast-campaign-"));
  const log: string[] = [];
  return {
    dir,
    file: join(dir, "state.json"),
    log,
    async sit(players = ["thorin", "elara"]) {
      const party = await createParty({
        campaignDir: dir,
        secret: "0123456789abcdef0123456789abcdef",
        players,
        engines: [new ToneEngine()],
        log: (message) => log.push(message),
      });
      return Object.assign(party, { [Symbol.asyncDispose]: () => party.close() });
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  };
}

test("a link that was replaced, and one of a seat that was taken, stay void after a restart with the same secret", async () => {
  await using home = await campaign();
  let before: string[];
  let fresh: string;
  let untouched: string;
  {
    await using party = await home.sit(["thorin", "elara", "pip"]);
    before = [await party.tokens.issue("thorin"), await party.tokens.issue("pip")];
    untouched = await party.tokens.issue("elara");
    fresh = await party.reinvite("thorin");
    await party.unseat("pip");
  }
  await using party = await home.sit(["thorin", "elara", "pip"]);
  for (const token of before) await expect(party.tokens.verify(token)).rejects.toEqual(refused);
  for (const token of [fresh, untouched, await party.tokens.issue("pip")])
    expect(await party.tokens.verify(token)).toMatchObject({ role: "player" });
  // A seat that was taken is not given back by naming its player at a start.
  expect(party.players).toEqual(["thorin", "elara"]);
  expect(home.log).toEqual([expect.stringContaining("pip has no seat: it was taken away")]);
});

test("what was replaced is on disk when that is told, for nobody else's eyes, with a version, and nothing beside it", async () => {
  await using home = await campaign();
  await using party = await home.sit();
  await Promise.all([party.reinvite("thorin"), party.reinvite("elara"), party.reinvite("thorin")]);
  const kept = JSON.parse(await readFile(home.file, "utf8"));
  expect(kept).toMatchObject({
    format: 1,
    links: {
      players: [
        ["thorin", expect.any(String)],
        ["elara", expect.any(String)],
      ],
    },
  });
  expect((await stat(home.file)).mode & 0o777).toBe(0o600);
  await chmod(home.file, 0o644);
  await party.unseat("elara");
  expect((await stat(home.file)).mode & 0o777).toBe(0o600);
  expect((await readdir(home.dir)).filter((name) => name.startsWith("state"))).toEqual(["state.json"]);
});

test.each(["cut short", "empty", "not text", "of another shape"])(
  "a file that is %s is told once with its path, nobody is let in by a link from before, and the game goes on",
  async (how) => {
    await using home = await campaign();
    let old: string[];
    {
      await using party = await home.sit();
      old = [await party.tokens.issue("thorin"), await party.tokens.issue("elara")];
      await party.reinvite("thorin");
    }
    if (how === "cut short") await truncate(home.file, 40);
    else
      await writeFile(
        home.file,
        { empty: "", "not text": new Uint8Array([0xff, 0, 1]), "of another shape": "[1]" }[how] ?? "",
      );
    let given: string;
    {
      await using party = await home.sit();
      for (const token of old) await expect(party.tokens.verify(token)).rejects.toEqual(refused);
      given = await party.tokens.issue("elara");
      expect(await party.tokens.verify(given)).toMatchObject({ player: "elara" });
      expect(await party.streamToAll("Hello?")).toBe(false);
    }
    await using party = await home.sit();
    expect(home.log).toEqual([expect.stringContaining(`${home.file}: `)]);
    expect(home.log[0]).toContain("hand out new ones");
    for (const token of old) await expect(party.tokens.verify(token)).rejects.toEqual(refused);
    expect(await party.tokens.verify(given)).toMatchObject({ player: "elara" });
  },
);

test("a folder that cannot be written to is told once, and links are replaced all the same as long as the table lasts", async () => {
  const log: string[] = [];
  const readOnly: TextStore = {
    name: "there/state.json",
    read: () => Promise.resolve(undefined),
    write: () => Promise.reject(new Error("EROFS: read-only file system")),
  };
  const state = await CampaignState.open(readOnly, (message) => log.push(message));
  expect(log).toEqual([]);
  state.keep({ links: LINKS });
  await state.saved();
  state.keep({ links: LINKS });
  await state.saved();
  expect(state.kept.links).toEqual(LINKS);
  expect(log).toEqual([
    expect.stringMatching(/^there\/state.json: .*cannot be kept \(EROFS.*let this program write/),
  ]);
});

test("what cannot be read, or another version has written, is left as it is", async () => {
  const newer = JSON.stringify({ format: 2, links: "in another way" });
  for (const read of [() => Promise.resolve(newer), () => Promise.reject(new Error("EACCES"))]) {
    const written: string[] = [];
    const log: string[] = [];
    const store = { name: "state.json", read, write: async (text: string) => void written.push(text) };
    const state = await CampaignState.open(store, (message) => log.push(message));
    expect(state.kept.links?.everyone).toBeString();
    state.keep({ links: LINKS });
    await state.saved();
    expect([written, log.length]).toEqual([[], 1]);
  }
});

test("what a later version keeps beside the links stays", async () => {
  const store = memoryStore(JSON.stringify({ format: 1, weather: ["rain"] }));
  const state = await CampaignState.open(store);
  state.keep({ links: LINKS });
  await state.saved();
  expect(JSON.parse((await store.read()) ?? "")).toEqual({
    format: 1,
    weather: ["rain"],
    links: LINKS,
    sum: expect.stringMatching(/^[0-9a-f]{8}$/),
  });
});

test("what somebody has changed in it is noticed: seats and cast are used, and no link from before is good", async () => {
  const store = memoryStore();
  const first = await CampaignState.open(store);
  first.keep({ links: LINKS, seats: { players: ["thorin"], taken: ["pip"] }, draft: { 10: "b", 9: "a" } });
  await first.saved();
  const written = (await store.read()) ?? "";
  expect((await CampaignState.open(memoryStore(written))).kept.links).toEqual(LINKS);
  const log: string[] = [];
  const edited = memoryStore(written.replace("abc", "abd"));
  const { kept } = await CampaignState.open(edited, (message) => log.push(message));
  expect(kept.seats).toEqual({ players: ["thorin"], taken: ["pip"] });
  expect(kept.links).toEqual({ everyone: expect.any(String), players: [] });
  expect(log).toEqual([expect.stringContaining("changed by somebody else")]);
});

test("without a campaign's folder it lasts as long as the table", async () => {
  const sit = () =>
    createParty({
      secret: "0123456789abcdef0123456789abcdef",
      players: ["thorin"],
      engines: [new ToneEngine()],
    });
  const party = await sit();
  const old = await party.tokens.issue("thorin");
  await party.reinvite("thorin");
  await expect(party.tokens.verify(old)).rejects.toEqual(refused);
  await party.close();
});

test("a disk that never answers is told once, keeps nobody waiting for ever, and gets the latest when it answers", async () => {
  const disk = deferred<void>();
  const written: string[] = [];
  const store: TextStore = {
    ...memoryStore(),
    async write(text) {
      await disk.promise;
      written.push(text);
    },
  };
  const log: string[] = [];
  const state = await CampaignState.open(store, (message) => log.push(message));
  for (const draft of ["one", "two", "three"]) {
    state.keep({ draft });
    const settled = state.saved().then(() => "settled");
    expect(await Promise.race([settled, Bun.sleep(4_000).then(() => "still waiting")])).toBe("settled");
  }
  expect(log).toEqual([expect.stringContaining("cannot be kept")]);
  disk.resolve();
  await until(() => written.length === 2);
  expect(written.map((text) => JSON.parse(text).draft)).toEqual(["one", "three"]);
  expect(log).toHaveLength(1);
}, 20_000);

test("as many lists as a draft and prepared lines may have are kept, and every link with them", async () => {
  await using home = await campaign();
  const lists = Array.from({ length: 60_000 }, () => [1]);
  let token: string;
  {
    await using party = await home.sit();
    party.store.draft = { lists };
    party.store.lines = [{ id: "1", group: "", line: { text: "Hm.", to: "all", voice: { lists } } }];
    token = await party.reinvite("thorin");
  }
  await using party = await home.sit();
  expect(await party.tokens.verify(token)).toMatchObject({ player: "thorin" });
  expect(party.store.lines).toHaveLength(1);
});
