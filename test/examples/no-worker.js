// As on Deno Deploy.
delete globalThis.Worker;
