/** A promise that was not kept. */
export class Fault extends Error {
  override readonly name = "Fault";
}

/** @throws Fault where it is not so */
export function must(isSo: boolean, what: () => string): asserts isSo {
  if (!isSo) throw new Fault(what());
}
