import { Command } from "commander";
import { addDoctorOptions } from "../../src/cli/doctor/doctor-options.ts";
import { addServeOptions, serveFlags, type TypedServeOptions } from "../../src/cli/options.ts";
import { addRenderOptions } from "../../src/cli/render/render-options.ts";
import { addSayOptions, addTableOptions } from "../../src/cli/table/table-options.ts";
import { CATALOGUE } from "../../src/cli/voices/catalogue.ts";

const OPTIONS: Readonly<Record<string, (command: Command) => Command>> = {
  say: (command) => addSayOptions(command.argument("[text]")),
  render: (command) => addRenderOptions(command.argument("[text]")),
  doctor: addDoctorOptions,
  status: (command) => addTableOptions(command).option("--json"),
  mcp: addTableOptions,
  serve: addServeOptions,
};
const SHELLS = ["bash", "zsh", "fish", "powershell"];

/** Reads what is typed behind `bardcast`, as the command line does. @throws Error where it would not understand it */
export function readCommandLine(words: readonly string[]): void {
  const [name = "serve", ...rest] = words[0]?.startsWith("-") === false ? words : ["serve", ...words];
  if (name === "voices") {
    readVoices(rest);
    return;
  }
  if (name === "complete" && SHELLS.includes(rest[0] ?? "")) return;
  const add = OPTIONS[name];
  if (add === undefined) throw new Error(`no command ${name}`);
  const command = add(new Command(name)).exitOverride();
  command.parse(rest, { from: "user" });
  if (name !== "serve") return;
  const flags = serveFlags(command.opts<TypedServeOptions>());
  for (const voice of flags.voices) requireVoice(voice);
}

function readVoices([command = "list", name = "", ...rest]: readonly string[]): void {
  if (command === "install" || command === "try") requireVoice(name);
  const isKnown = ["list", "install", "add", "remove", "try"].includes(command);
  if (!isKnown || (command === "try") !== rest.length > 0) throw new Error(`voices ${command} ${name}`);
}

function requireVoice(name: string): void {
  const isPiper = /^piper:[a-z]{2}_[A-Z]{2}-\w+-\w+$/.test(name);
  if (!isPiper && !CATALOGUE.some((voice) => voice.name === name)) throw new Error(`no voice ${name}`);
}
