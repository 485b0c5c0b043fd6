import { sayAndHear } from "./say-and-hear.ts";

Object.assign(globalThis, { heard: sayAndHear({ pool: { size: 1 } }) });
