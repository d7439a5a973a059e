/** Forms that a value is saved in, chosen by how a file's name ends. @module */

export interface FileForm {
  /** Its name in options and reports. */
  readonly name: string;
  /** The value that it holds. */
  readonly of: "circuit" | "table" | "plot";
  /** Ends of its files' names, the usual one first: `.svg`; `/` for a folder. */
  readonly endings: readonly string[];
  /** Contents or purpose, in a few words without a full stop. */
  readonly about: string;
}

/** The form that a file's name asks for: of all endings that fit, the longest decides. */
export function formFor<F extends FileForm>(forms: readonly F[], path: string): F | undefined {
  const name = path.toLowerCase();
  let [found, longest]: [F | undefined, number] = [undefined, 0];
  for (const form of forms) {
    for (const { length } of form.endings.filter((ending) => name.endsWith(ending))) {
      if (length > longest) [found, longest] = [form, length];
    }
  }
  return found;
}

/** The endings of forms in one line, for messages. */
export function showEndings(forms: readonly FileForm[]): string {
  return forms.flatMap(({ endings }) => endings)
    .map((ending) => ending === "/" ? "/ (a folder)" : ending).join(", ");
}
