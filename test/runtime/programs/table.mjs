/**
 * A program that serves a table, the same in every runtime; it prints the line that `--json` prints.
 * Its argument is JSON: `adapter` the module to import, `options` for `serve`, `withoutWorkers`, `withoutProcesses`.
 */
const { adapter, options, withoutWorkers, withoutProcesses } = JSON.parse(process.argv[2]);
if (withoutWorkers) {
  delete globalThis.Worker;
  forget("worker_threads");
}
if (withoutProcesses) forget("child_process");

const { serve } = await import(adapter);
const server = await serve({ port: 0, host: "127.0.0.1", players: ["thorin", "elara", "pip"], ...options });
const { party, url } = server;
const players = party.players.map(async (id) => ({ id, token: await party.tokens.issue(id) }));
console.log(
  JSON.stringify({ url, dm: { token: await party.tokens.issueDm() }, players: await Promise.all(players) }),
);
process.once("SIGTERM", () => server.close());

/** As in places where there is no such module, by any name. */
function forget(module) {
  const { getBuiltinModule } = process;
  process.getBuiltinModule = (name) =>
    name.endsWith(module) ? undefined : getBuiltinModule.call(process, name);
}
