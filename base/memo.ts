/**
 * Results that are computed once and found again by several keys.
 *
 * Records are keys by identity, so that two records of one name are two keys; words and numbers are keys by value. What
 * belongs to a record goes with it.
 *
 * @module
 */

interface Node<V> {
  readonly records: WeakMap<object, Node<V>>;
  readonly words: Map<unknown, Node<V>>;
  value?: V;
}

const empty = <V>(): Node<V> => ({ records: new WeakMap(), words: new Map() });

export class Memo<V extends object> {
  readonly #root = empty<V>();

  /** The value of some keys; undefined where there is none. */
  find(...keys: readonly unknown[]): V | undefined {
    return this.#node(keys).value;
  }

  set(keys: readonly unknown[], value: V): void {
    this.#node(keys).value = value;
  }

  /** The value of some keys, made on first use. A promise that fails is forgotten. */
  get(keys: readonly unknown[], make: () => V): V {
    const node = this.#node(keys);
    if (node.value !== undefined) return node.value;
    const made = node.value = make();
    if (made instanceof Promise) {
      made.catch(() => {
        if (node.value === made) delete node.value;
      });
    }
    return made;
  }

  #node(keys: readonly unknown[]): Node<V> {
    let at = this.#root;
    for (const key of keys) {
      const isRecord = typeof key === "object" && key !== null;
      const next = (isRecord ? at.records.get(key) : at.words.get(key)) ?? empty<V>();
      if (isRecord) at.records.set(key, next);
      else at.words.set(key, next);
      at = next;
    }
    return at;
  }
}
