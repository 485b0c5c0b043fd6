import { expect, test } from "bun:test";
import dashboard from "../../../docs/grafana-dashboard.json" with { type: "json" };
import { startServer } from "../../support/server.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

interface Panel {
  title: string;
  targets?: { expr: string }[];
}

const queries = (dashboard.panels as Panel[]).flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ title, expr })),
);

test("every metric that the dashboard asks for is in the scrape of a server, and every metric is on the dashboard", async () => {
  const server = await startServer({ engines: [new ToneEngine()] });
  const scrape = await (await fetch(`${server.url}/metrics`)).text();
  const types = new Map([...scrape.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
  expect(queries.length).toBeGreaterThan(30);
  const asked = new Set<string>();
  for (const { title, expr } of queries) {
    const names = expr.match(/\bbardcast_\w+/g) ?? [];
    expect(names.length, title).toBeGreaterThan(0);
    for (const name of names) {
      const family = name.replace(/_bucket$/, "");
      asked.add(family);
      expect(types.get(family), `${name} in ${title}`).toBe(
        name === family ? (name.endsWith("_total") ? "counter" : "gauge") : "histogram",
      );
    }
  }
  const missing = [...types.keys()].filter((name) => name !== undefined && !asked.has(name));
  // Sums whose rates the dashboard has in other words: by engine, and as limits reached.
  expect(missing.sort()).toEqual([
    "bardcast_address_budget_refusals_total",
    "bardcast_audio_seconds_total",
    "bardcast_player_budget_refusals_total",
    "bardcast_sentences_total",
  ]);
});
