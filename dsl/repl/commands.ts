/** Dot commands: what steers the session and is no part of a script. @module */
import { dirname, join } from "node:path";
import { formFor, showEndings } from "../../base/file_forms.ts";
import { type Circuit, circuitForms, saveCircuit, tableForms } from "../../runtime/circuits/mod.ts";
import { type DeviceChoice, deviceChoices } from "../../runtime/engine/mod.ts";
import { fileProblem } from "../../base/file_problem.ts";
import { nearest } from "../../base/nearest.ts";
import { writeWhole } from "../../base/whole_file.ts";
import type { CircuitValue, Value } from "../interpret/values.ts";
import { barChart, layerBars, tableBars } from "./bars.ts";
import { circuitTree } from "./circuit_tree.ts";
import { UserError } from "../../base/user_error.ts";
import { helpText, overview } from "./help.ts";
import type { Outcome, Repl } from "./repl.ts";
import { checkText } from "../check/files.ts";
import { sessionScript } from "./session_script.ts";

export interface DotCommand {
  readonly name: string;
  /** Syntax of the argument. */
  readonly form: string;
  readonly text: string;
  run(argument: string, repl: Repl): Promise<Outcome | void> | Outcome | void;
}

const formNames = tableForms.map(({ name }) => name);
const pictures = circuitForms.filter(({ picture }) => picture);

export const commands: readonly DotCommand[] = [
  {
    name: "help",
    form: "[WORD]",
    text: "What there is, or what a word, a name or a command means.",
    run: (word, repl) =>
      repl.options.session.host.text(
        word === "" ? overview(commands, repl.options.width()) : helpText(word, repl, commands),
      ),
  },
  {
    name: "mode",
    form: formNames.join("|"),
    text: "How tables are written.",
    run: (form, { options }) => {
      const { settings, session } = options;
      settings.form = choice(form, formNames, settings.form, session.host.note);
    },
  },
  {
    name: "timer",
    form: "on|off",
    text: "Tell how long entries take.",
    run: (state, { options }) => {
      const { settings, session } = options;
      const now = settings.timer ? "on" : "off";
      settings.timer = choice(state, ["on", "off"], now, session.host.note) === "on";
    },
  },
  {
    name: "read",
    form: "FILE",
    text: "Run a script as if it were typed here.",
    run: (file, repl) => repl.read(pathOf(file, repl)),
  },
  {
    name: "save",
    form: "FILE",
    text: "Write what ran as a script that does it again.",
    run: async (file, repl) => {
      const { note } = repl.options.session.host;
      const path = pathOf(file, repl);
      const { text, statements, unclear } = sessionScript(repl.log, dirname(path));
      await writing(path, () => writeWhole(path, text));
      note(`saved ${statements} ${statements === 1 ? "statement" : "statements"} to ${file}`);
      for (const each of unclear) {
        note(`note: \`${each}\` needs a name for \`_\`: several results were shown at once`);
      }
      // A script has names at once that a session had one after another.
      const { diagnostics } = checkText(text, path);
      for (const { severity, message } of unclear.length > 0 ? [] : diagnostics) {
        if (severity === "error") {
          note(`note: the script is to be changed before it runs: ${message}`);
        }
      }
    },
  },
  {
    name: "output",
    form: "[FILE]",
    text: "Send results to a file; without a file, back here.",
    run: async (file, repl) => {
      const path = file === "" ? null : pathOf(file, repl);
      if (path !== null) await writing(path, () => Deno.writeTextFile(path, ""));
      repl.options.redirect(path);
    },
  },
  {
    name: "device",
    form: deviceChoices.join("|"),
    text: "Where to compute from now on.",
    run: async (device, { options }) => {
      const { session } = options;
      const chosen = choice(device, deviceChoices, session.device, session.host.note);
      if (device !== "") await session.use(chosen as DeviceChoice);
    },
  },
  {
    name: "show",
    form: "NAME [FILE]",
    text: `A circuit as a tree, or drawn into FILE (${showEndings(pictures)}).`,
    run: async (words, repl) => {
      const { session, width } = repl.options;
      const [name = "_", file, ...more] = wordsOf(words);
      if (more.length > 0) throw new UserError("`.show` takes a circuit and a file");
      const { circuit } = await circuitNamed(name, repl);
      if (file === undefined) return session.host.text(circuitTree(circuit, width()));
      const path = pathOf(file, repl);
      if (formFor(pictures, path) === undefined) {
        throw new UserError(
          `cannot draw into ${JSON.stringify(file)}`,
          `the endings of pictures are ${showEndings(pictures)}`,
        );
      }
      const losses = await writing(path, () => saveCircuit(path, circuit));
      for (const loss of losses) session.host.note(`note: ${file}: ${loss}`);
      session.host.note(`drew ${name} into ${file}`);
    },
  },
  {
    name: "plot",
    form: "[NAME ...] [FILE]",
    text: "Circuits by layer, or a table's numbers, as bars; into FILE.svg for circuits.",
    run: async (words, repl) => {
      const { session, width } = repl.options;
      const all = wordsOf(words);
      const file = /\.\w+$/.test(all.at(-1) ?? "") ? all.pop() : undefined;
      const names = all.length > 0 ? all : ["_"];
      const { layerCounts, layersToSvg } = await import("../../runtime/evaluation/mod.ts");
      if (file !== undefined) {
        const path = pathOf(file, repl);
        if (!path.endsWith(".svg")) throw new UserError("a plot is a file that ends in .svg");
        const circuits: { readonly name: string; readonly circuit: Circuit }[] = [];
        for (const name of names) circuits.push({ name, ...await circuitNamed(name, repl) });
        const text = await layersToSvg(circuits);
        await writing(path, () => writeWhole(path, text));
        return session.host.note(`plotted ${names.join(", ")} into ${file}`);
      }
      for (const name of names) {
        const value = await valueNamed(name, repl);
        if (value.kind !== "circuit" && value.kind !== "table") {
          throw new UserError(
            `\`${name}\` is ${aKind(value)}`,
            "circuits and tables have plots",
          );
        }
        const bars = value.kind === "table"
          ? tableBars(value.table)
          : layerBars(layerCounts(value.circuit));
        if (names.length > 1) session.host.text(`${name}:`);
        session.host.text(bars.length === 0 ? "(no rows)" : barChart(bars, width()));
      }
    },
  },
  {
    name: "history",
    form: "",
    text: "What was typed, the latest last.",
    run: (_, { options }) => {
      const { history, session } = options;
      const first = Math.max(0, history.length - 50);
      history.slice(first).forEach((entry, i) =>
        session.host.text(
          `${String(first + i + 1).padStart(5)}  ${entry.replaceAll("\n", "\n       ")}`,
        )
      );
    },
  },
  { name: "exit", form: "", text: "Leave.", run: () => "exit" },
];

/** One of the words; without a word the present state is shown. */
function choice<W extends string>(
  word: string,
  allowed: readonly W[],
  now: W,
  tell: (text: string) => void,
): W {
  if (word === "") {
    tell(now);
    return now;
  }
  const known = allowed.find((each) => each === word);
  if (known !== undefined) return known;
  throw new UserError(`\`${word}\` is not known here`, `choose one of ${allowed.join(", ")}`);
}

function pathOf(file: string, { options }: Repl): string {
  const path = file.replace(/^"(.*)"$/, "$1");
  if (path === "") throw new UserError("name a file");
  return path.startsWith("/") ? path : join(options.folder, path);
}

async function writing<Written>(path: string, write: () => Promise<Written>): Promise<Written> {
  try {
    return await write();
  } catch (error) {
    throw new UserError(`cannot write ${JSON.stringify(path)}: ${fileProblem(error)}`);
  }
}

/** Words apart by spaces or commas; a text in quotes is one word. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|[^\s,]+/g)].map(([word, quoted]) => quoted ?? word);
}

async function valueNamed(name: string, { options, symbols }: Repl): Promise<Value> {
  const symbol = symbols.get(name);
  const value = symbol && await options.session.env.ask(symbol);
  if (value !== undefined) return value;
  if (name === "_") throw new UserError("nothing was shown so far", "give a name");
  const near = nearest(name, symbols.keys());
  throw new UserError(
    `there is no \`${name}\` in this session`,
    near === undefined ? "" : `did you mean \`${near}\`?`,
  );
}

async function circuitNamed(name: string, repl: Repl): Promise<CircuitValue> {
  const value = await valueNamed(name, repl);
  if (value.kind === "circuit") return value;
  const circuits = [...repl.symbols].flatMap(([name, { type }]) =>
    type === "circuit" ? [`\`${name}\``] : []
  );
  throw new UserError(
    `\`${name}\` is ${aKind(value)}, no circuit`,
    circuits.length === 0 ? "" : `circuits are ${circuits.join(", ")}`,
  );
}

function aKind(value: Value): string {
  return value.kind === "truth" ? "true or false" : `a ${value.kind}`;
}
