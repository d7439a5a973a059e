/** Checks of operations on circuits: one model, one ablation, and the facts that the operands share. @module */
import { ablationProblem } from "../../runtime/circuits/provenance.ts";
import { type Ablation, ablations } from "../../runtime/universe/ablations.ts";
import type { BinaryExpression, UnderExpression } from "../syntax/tree.ts";
import { type Checker, need, oneOf, wrong } from "./checker.ts";
import type { CheckedExpression } from "./program.ts";
import { bothNames, type Typed } from "./symbols.ts";

/** Type of a value, without the expression. */
export function typed({ type, values, share, model, task, corruption, ablation }: Typed): Typed {
  return {
    type,
    ...(values && { values }),
    ...(share !== undefined && { share }),
    ...(model && { model }),
    ...(task && { task }),
    ...(corruption !== undefined && { corruption }),
    ...(ablation && { ablation }),
  };
}

/** Type of `a & b` and its like. The order of the operands decides nothing of it. */
export function joinedCircuits(
  c: Checker,
  { operator, operatorSpan, left, right }: BinaryExpression,
  a: Typed,
  b: Typed,
): Typed {
  if (a.model && b.model && a.model !== b.model) {
    const [one, other] = bothNames(c, a.model, b.model);
    c.error(
      { span: operatorSpan },
      `\`${operator}\` joins circuits of one model: these are circuits of ${one} and ${other}`,
    );
  }
  if (!c.ablationNamed && a.ablation && b.ablation && a.ablation !== b.ablation) {
    const [one, other] = [left, right].map((each) => c.written(each).replace(/\s+/g, " "));
    const problem = ablationProblem(one, a.ablation, other, b.ablation, operator);
    c.error({ span: operatorSpan }, ...problem);
  }
  const model = a.model ?? b.model;
  const task = a.task && b.task && a.task !== b.task ? undefined : a.task ?? b.task;
  const corruption = a.corruption && b.corruption && a.corruption !== b.corruption
    ? null
    : a.corruption ?? b.corruption;
  return typed({
    type: "circuit",
    ...(model && { model }),
    ...(task && { task }),
    ...(a.corruption !== undefined && b.corruption !== undefined && { corruption }),
    ...(a.ablation === b.ablation && { ablation: a.ablation }),
  });
}

export function underExpression(c: Checker, node: UnderExpression): CheckedExpression {
  const circuit = need({ ...c, ablationNamed: true }, node.circuit, ["circuit"]);
  if (!oneOf(c, node.ablation, Object.keys(ablations), "ablation")) return wrong(node);
  return { ...under(circuit, node.ablation.text as Ablation), span: node.span };
}

/** The expression with the ablation named for each of its circuits: `(a | b) under zero` is `a under zero | b under zero`. */
function under(expression: CheckedExpression, ablation: Ablation): CheckedExpression {
  const inner = (circuit: CheckedExpression) => under(circuit, ablation);
  switch (expression.kind) {
    case "binary": {
      const { left, right } = expression;
      return { ...expression, ablation, left: inner(left), right: inner(right) };
    }
    case "without":
    case "above":
    case "top":
    case "complement":
    case "under":
      return { ...expression, ablation, circuit: inner(expression.circuit) };
    case "wrong":
      return expression;
  }
  return {
    ...typed(expression),
    kind: "under",
    circuit: expression,
    ablation,
    span: expression.span,
  };
}
