/**
 * Effects of a script that runs: it computes, writes and tells.
 *
 * @module
 */
import { searchNow } from "./circuit/find.ts";
import { type Effects, nothing } from "./effects.ts";
import { measureNow } from "./measure/measure.ts";
import { predict } from "./predict.ts";
import { writing } from "./source_file.ts";
import { placed, show } from "./show.ts";

export const running: Effects = {
  ...nothing,
  find: (search, { session }, state) => searchNow(search, session, state),
  measure: (measurement, { session }) => measureNow(measurement, session),
  measured: (number) => ({ kind: "number", number }),
  predict: (prompt, { session }) => predict(prompt, session),
  write: (file, { source }, write) => writing(file, source, () => write(source.path(file.text))),
  show: (value, name, { session, point }) => {
    show(point === undefined ? value : placed(value, point), name, session.host);
    session.last = value;
  },
  expected: (holds, where, text, { session }) => {
    if (!holds) session.failed.push(where);
    session.host.note(`${holds ? "as expected" : `${where}: not as expected`}: ${text}`);
  },
  note: (text, { session }) => session.host.note(text),
};
