import type { Observation } from "../../src/core/observation.ts";

/** Observations as they came, to be looked through by type. */
export class Observed {
  readonly all: Observation[] = [];

  readonly observe = (observation: Observation): void => {
    this.all.push(observation);
  };

  of<T extends Observation["type"]>(type: T): Extract<Observation, { type: T }>[] {
    return this.all.filter((each): each is Extract<Observation, { type: T }> => each.type === type);
  }
}
