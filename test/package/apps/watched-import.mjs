/**
 * Imports a module, the first argument, and prints what the import started or touched. `fs` as a second
 * argument watches the file system too; Node.js itself loads CommonJS by the functions that are watched.
 */
import fs from "node:fs";
import promises from "node:fs/promises";
import threads from "node:worker_threads";

const [, , specifier, ...watched] = process.argv;
const found = [];
const print = console.log;

function watch(owner, names) {
  for (const name of names) {
    const original = owner[name];
    owner[name] = function watching(...args) {
      found.push(name);
      return new.target ? Reflect.construct(original, args) : Reflect.apply(original, this, args);
    };
  }
}

watch(globalThis, ["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "fetch", "WebSocket"]);
if ("Worker" in globalThis) watch(globalThis, ["Worker"]);
watch(threads, ["Worker"]);
watch(console, ["log", "info", "warn", "error", "debug"]);
watch(process.stdout, ["write"]);
watch(process.stderr, ["write"]);
if (watched.includes("fs")) {
  const functions = (owner) =>
    Object.keys(owner).filter((name) => /^[a-z]/.test(name) && typeof owner[name] === "function");
  watch(fs, functions(fs));
  watch(promises, functions(promises));
}

await import(specifier);
print(JSON.stringify(found));
