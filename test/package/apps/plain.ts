import { sayAndHear } from "./say-and-hear.ts";

console.log(JSON.stringify(await sayAndHear({ pool: { size: 1 } })));
