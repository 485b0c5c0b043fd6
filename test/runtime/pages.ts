import { expect, test } from "bun:test";
import type { ServerProcess } from "./server-process.ts";

/** The pages, what they load, and what a browser is told about them. */
export function testPages(server: () => ServerProcess): void {
  test("healthz answers", async () => {
    const response = await server().get("/healthz");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ ok: true });
  });

  test("the pages open with their own tokens only, and load nothing from elsewhere", async () => {
    const { dm, players } = server().line;
    const [thorin] = players;
    const status = async (path: string) => (await server().get(path)).status;
    expect(await status(`/dm?token=${dm.token}`)).toBe(200);
    expect(await status(`/play?token=${thorin?.token}`)).toBe(200);
    expect(await status(`/dm?token=${thorin?.token}`)).toBe(403);
    expect(await status("/dm")).toBe(401);
    expect(await status("/play?token=forged")).toBe(401);
    const page = await server().get(`/dm?token=${dm.token}`);
    expect(page.headers.get("Content-Security-Policy")).toContain("default-src 'none'; script-src 'self'");
    expect(page.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
  });

  test("everything a page refers to is there, with its type", async () => {
    const types: string[] = [];
    for (const name of ["dm", "play"]) {
      const page = `/${name}?token=${server().line.dm.token}`;
      const html = await (await server().get(page)).text();
      const references = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, reference = ""]) => reference);
      expect(references.length).toBeGreaterThanOrEqual(3);
      for (const reference of references) {
        const response = await fetch(new URL(reference, `${server().line.url}${page}`));
        expect([reference, response.status]).toEqual([reference, 200]);
        expect((await response.bytes()).length).toBeGreaterThan(100);
        types.push(response.headers.get("Content-Type") ?? "");
      }
    }
    expect([...new Set(types)].sort()).toEqual([
      "application/manifest+json",
      "image/png",
      "image/svg+xml",
      "text/css; charset=utf-8",
      "text/javascript; charset=utf-8",
    ]);
    expect((await server().get("/assets/nothing.js")).status).toBe(404);
  });

  test("the address without a path leads to the console", async () => {
    const response = await server().get(`?token=${server().line.dm.token}`);
    expect(response.status).toBe(200);
    expect(new URL(response.url).pathname).toBe(
      `${new URL(server().line.url).pathname.replace(/\/$/, "")}/dm`,
    );
  });

  test("an invite is a link to a page that opens", async () => {
    const { players } = await (await server().call("/invites")).json();
    expect(players.map(({ id }: { id: string }) => id)).toEqual(["thorin", "elara", "pip"]);
    for (const { token, url } of players) {
      const link = new URL(url);
      expect(link.searchParams.get("token")).toBe(token);
      // The name in the link is the network's; this machine is reached by its own.
      const here = new URL(server().line.url);
      expect((await fetch(`${here.origin}${link.pathname}${link.search}`)).status).toBe(200);
    }
  });
}
