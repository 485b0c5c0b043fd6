import { sayAndHear } from "./say-and-hear.ts";

// As where there are no workers: the engine speaks on the page's own thread.
Reflect.deleteProperty(globalThis, "Worker");
Object.assign(globalThis, { heard: sayAndHear({}) });
