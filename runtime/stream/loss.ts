/** The graph that computes a loss and its gradient from the logits. @module */
import * as ops from "../../ops/mod.ts";
import { type AnswerExpression, type LossForm, setsOf, type TokenValue } from "../metrics/mod.ts";

/** A loss of every row, [rows, 1]. */
interface RowLoss {
  /** The loss to differentiate. */
  readonly loss: ops.Value;
  /** Its value to report: equal but for rounding. */
  readonly value: ops.Value;
}

/**
 * Loss of every row from logits [rows, vocabulary]. Adds the graph's inputs for it, [rows, vocabulary] each: `target`, the
 * full model's log-probabilities or the coefficients, or `answers` and `wrong`, the sets that an expression reads.
 *
 * The value of a divergence sum p (t - q), with p = exp(t), is the sum of p (t - q) + exp(q) - p. It is the same, since both
 * distributions sum to 1, but each term is at least 0, so that rounding leaves none below, and the sum is 0 for equal ones.
 */
export function lossOf(graph: ops.Graph, form: LossForm, logits: ops.Value): RowLoss {
  const input = (name: string) => graph.input(name, "float32", logits.dims);
  const whole = (loss: ops.Value): RowLoss => ({ loss, value: loss });
  if (typeof form !== "string") {
    const sets = Object.fromEntries([...setsOf(form)].map((set) => [set, input(set)]));
    return whole(ops.expand(expressionOf(form, logits, sets), [logits.dims[0], 1]));
  }
  const target = input("target");
  switch (form) {
    case "kl": {
      const [p, q] = [ops.exp(target), ops.logSoftmax(logits)];
      const terms = ops.mul(p, ops.sub(target, q));
      const positive = ops.relu(ops.add(terms, ops.sub(ops.exp(q), p)));
      return { loss: ops.reduceSum(terms, [1], true), value: ops.reduceSum(positive, [1], true) };
    }
    case "logits":
      return whole(ops.reduceSum(ops.mul(target, logits), [1], true));
    case "probabilities":
      return whole(ops.reduceSum(ops.mul(target, ops.softmax(logits)), [1], true));
  }
}

const binary = { "+": ops.add, "-": ops.sub, "*": ops.mul, "/": ops.div };

const tokenValues: Readonly<Record<TokenValue, (logits: ops.Value) => ops.Value>> = {
  logit: (logits) => logits,
  probability: ops.softmax,
  log_probability: ops.logSoftmax,
};

/** Far below any logit, and still a float32. */
const FAR = 1e30;

function expressionOf(
  node: AnswerExpression,
  logits: ops.Value,
  sets: Readonly<Record<string, ops.Value>>,
): ops.Value {
  switch (node.kind) {
    case "number":
      return ops.reshape(logits.graph.scalar(node.value, "float32"), [1, 1]);
    case "negative":
      return ops.neg(expressionOf(node.operand, logits, sets));
    case "binary":
      return binary[node.operator](
        expressionOf(node.left, logits, sets),
        expressionOf(node.right, logits, sets),
      );
    case "over": {
      const set = sets[node.set];
      const values = tokenValues[node.value](logits);
      switch (node.reduce) {
        case "sum":
          return ops.reduceSum(ops.mul(set, values), [1], true);
        case "mean":
          return ops.div(
            ops.reduceSum(ops.mul(set, values), [1], true),
            ops.reduceSum(set, [1], true),
          );
        case "max":
          return highest(values, set);
        case "min":
          return ops.neg(highest(ops.neg(values), set));
      }
    }
  }
}

/** Highest value in a set, [rows, 1]. Of equal values the first counts, and has all of the gradient. */
function highest(values: ops.Value, set: ops.Value): ops.Value {
  const outside = ops.scale(ops.shift(set, -1), FAR);
  return ops.gatherElements(values, ops.argMax(ops.add(values, outside)));
}
