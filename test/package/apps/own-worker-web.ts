import { sayAndHear } from "./say-and-hear.ts";

// This bundler moves the worker's file: it is a second entry, beside this one.
const createWorker = (): Worker => new Worker(new URL("./speech.js", import.meta.url), { type: "module" });

console.log(JSON.stringify(await sayAndHear({ pool: { size: 1, createWorker } })));
