import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** How one registry's metrics are made: every name begins with `bardcast_`. */
export class Measures {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  counter<L extends string = never>(name: string, help: string, labels: readonly L[] = []): Counter<L> {
    return new Counter({ ...this.#named(name, help), labelNames: [...labels] });
  }

  histogram<L extends string = never>(
    name: string,
    help: string,
    options: { buckets: readonly number[]; labels?: readonly L[] },
  ): Histogram<L> {
    const { buckets, labels = [] } = options;
    return new Histogram({ ...this.#named(name, help), buckets: [...buckets], labelNames: [...labels] });
  }

  /** A number that is looked up when somebody asks. */
  gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      ...this.#named(name, help),
      collect() {
        this.set(value());
      },
    });
  }

  /** The same, one for each value of a label; those that are not there any more are forgotten. */
  gauges<L extends string>(
    name: string,
    help: string,
    label: L,
    values: () => ReadonlyMap<string, number>,
  ): void {
    new Gauge({
      ...this.#named(name, help),
      labelNames: [label],
      collect() {
        this.reset();
        for (const [key, value] of values()) this.set({ [label]: key } as Record<L, string>, value);
      },
    });
  }

  /** A sum that somebody else keeps, looked up when somebody asks. It never falls. */
  sum(name: string, help: string, value: () => number): void {
    new Counter({
      ...this.#named(name, help),
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }

  #named(name: string, help: string): { name: string; help: string; registers: Registry[] } {
    return { name: `bardcast_${name}`, help, registers: [this.#registry] };
  }
}
