/** Values that take much room: only those that were asked for last are kept. @module */

export class Recent<V> {
  readonly #kept: { readonly keys: readonly unknown[]; readonly value: Promise<V> }[] = [];

  /**
   * @param most number of values that are kept
   * @param drop frees a value that nothing asked for lately
   */
  constructor(readonly most: number, readonly drop: (value: V) => Promise<void>) {}

  /** The value of some keys, which are compared by identity; made where it is not kept. */
  async get(keys: readonly unknown[], make: () => Promise<V>): Promise<V> {
    const place = this.#kept.findIndex((each) => each.keys.every((key, i) => key === keys[i]));
    const known = place < 0 ? undefined : this.#kept.splice(place, 1)[0];
    if (known === undefined) {
      const old = this.#kept.splice(0, Math.max(0, this.#kept.length - this.most + 1));
      for (const { value } of old) await this.drop(await value);
    }
    const entry = known ?? { keys, value: make() };
    this.#kept.push(entry);
    try {
      return await entry.value;
    } catch (error) {
      this.#kept.splice(this.#kept.indexOf(entry), 1);
      throw error;
    }
  }
}
