/** Does at its import all that a library must not do. */
import fs from "node:fs";
import promises from "node:fs/promises";

fs.existsSync("package.json");
await promises.readFile("package.json");
setTimeout(() => {}, 0);
setInterval(() => {}, 60_000);
console.log("ready");
new Worker(new URL("data:text/javascript,0"), { type: "module" });
