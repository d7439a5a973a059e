/**
 * The corpus: right scripts as files of their own, wrong ones with the diagnostics that they get.
 *
 * A wrong script is a file `wrong/TOPIC/NAME.txt`: the script, a line `--- diagnostics ---`, and the diagnostics of `NAME.circ` as
 * the command prints them.
 *
 * @module
 */
export const CORPUS = new URL("../corpus/", import.meta.url);

/** The line between a script and its diagnostics. */
const DIVIDER = "\n--- diagnostics ---\n";

export interface Script {
  /** Name with its topic, if it has one: `sweeps/sweep_mixed`. */
  readonly name: string;
  /** Name of the script in diagnostics: `sweep_mixed.circ`. */
  readonly file: string;
  readonly text: string;
}

export interface WrongScript extends Script {
  /** Empty where the file holds a script alone. */
  readonly expected: string;
}

/** Paths without their ending of the files below a folder of the corpus, sorted. */
function namesIn(folder: string, ending: string): string[] {
  return [...Deno.readDirSync(new URL(folder, CORPUS))].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? namesIn(`${folder}${name}/`, ending).map((inner) => `${name}/${inner}`)
      : name.endsWith(ending)
      ? [name.slice(0, -ending.length)]
      : []
  ).sort();
}

const fileOf = (name: string) => `${name.replace(/^.*\//, "")}.circ`;

export const rightScripts = (): Script[] =>
  namesIn("right/", ".circ").map((name) => ({
    name,
    file: fileOf(name),
    text: Deno.readTextFileSync(new URL(`right/${name}.circ`, CORPUS)),
  }));

const pathOf = (name: string) => new URL(`wrong/${name}.txt`, CORPUS);

export const wrongScripts = (): WrongScript[] =>
  namesIn("wrong/", ".txt").map((name) => {
    const [script, expected = ""] = Deno.readTextFileSync(pathOf(name)).split(DIVIDER);
    return { name, file: fileOf(name), text: script.replace(/\n?$/, "\n"), expected };
  });

export function writeExpected({ name, text }: Script, expected: string): void {
  Deno.writeTextFileSync(pathOf(name), text.replace(/\n$/, DIVIDER) + expected);
}

/** Texts of all scripts, right and wrong ones, sorted: mutations start from them. */
export const scriptTexts = (): string[] =>
  [...rightScripts(), ...wrongScripts()].map(({ text }) => text).sort();
