/** The notation of `forms.ts`, read into records. @module */

/** Parts of a rule in order. */
export type Form = readonly Part[];

/** A part of a rule. */
export type Part =
  /** A word or a sign. */
  | { readonly type: "word"; readonly word: string }
  /** Rules by name, or words in quotes, one of which is read. Without a label (`""`) it is the whole result. */
  | { readonly type: "part"; readonly label: string; readonly choices: readonly string[] }
  /** One or more items with commas between them. */
  | {
    readonly type: "list";
    readonly label: string;
    readonly item: Form;
    readonly gate: string | undefined;
  }
  /** Parts that may be left out; with a label, they are a record of their own. */
  | {
    readonly type: "option";
    readonly label: string | undefined;
    readonly parts: Form;
    readonly gate: string | undefined;
  }
  /** The doc comment above. */
  | { readonly type: "doc" }
  /** Fields of a block, or statements, in braces. */
  | { readonly type: "block"; readonly of: string };

export function readForm(text: string): Form {
  const tokens = text.match(/\w*:|'\w+'|@?\w+|->|[^\s\w]/g) ?? [];
  let at = 0;
  const skip = (token: string) => tokens[at] === token && ++at > 0;
  const gate = () => tokens[at]?.startsWith("@") ? tokens[at++].slice(1) : undefined;
  const option = (label?: string): Part => ({
    type: "option",
    label,
    gate: gate(),
    parts: parts("]"),
  });
  const part = (): Part => {
    if (skip("@doc")) return { type: "doc" };
    if (skip("[")) return option();
    if (skip("{")) {
      const [of] = tokens.slice(at, at += 2);
      return { type: "block", of };
    }
    const first = tokens[at++];
    if (!first.endsWith(":")) return { type: "word", word: first };
    const label = first.slice(0, -1);
    if (skip("[")) return option(label);
    let item: Form;
    if (skip("(")) item = parts(")");
    else {
      const choices = [tokens[at++]];
      while (skip("|")) choices.push(tokens[at++]);
      if (tokens[at] !== "+") return { type: "part", label, choices };
      item = [{ type: "part", label: "", choices }];
    }
    skip("+");
    return { type: "list", label, item, gate: gate() };
  };
  const parts = (end?: string): Part[] => {
    const all: Part[] = [];
    while (at < tokens.length && !(end && skip(end))) all.push(part());
    return all;
  };
  return parts();
}

/** True if the form's result is that of a part without a label. */
export function isBare(form: Form): boolean {
  return form.some((part) => (part.type === "part" || part.type === "list") && part.label === "");
}

/** The words that a form may begin with. */
export function firstWords([first]: Form): readonly string[] {
  if (first.type === "word") return [first.word];
  return first.type === "part" ? first.choices.map((choice) => choice.replaceAll("'", "")) : [];
}
