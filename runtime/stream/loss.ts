/** The graph that computes a loss and its gradient from the logits. @module */
import {
  add,
  argMax,
  div,
  exp,
  expand,
  gatherElements,
  type Graph,
  logSoftmax,
  mul,
  neg,
  reduceSum,
  relu,
  reshape,
  scale,
  shift,
  softmax,
  sub,
  type Value,
} from "../../ops/mod.ts";
import { type AnswerExpression, type LossForm, setsOf, type TokenValue } from "../metrics/mod.ts";

/** A loss of every row, [rows, 1]. */
interface RowLoss {
  /** The loss to differentiate. */
  readonly loss: Value;
  /** Its value to report: equal but for rounding. */
  readonly value: Value;
}

/**
 * Loss of every row from logits [rows, vocabulary]. Adds the graph's inputs for it, [rows, vocabulary] each: `target`, the
 * full model's log-probabilities or the coefficients, or `answers` and `wrong`, the sets that an expression reads.
 *
 * The value of a divergence sum p (t - q), with p = exp(t), is the sum of p (t - q) + exp(q) - p. It is the same, since both
 * distributions sum to 1, but each term is at least 0, so that rounding leaves none below, and the sum is 0 for equal ones.
 */
export function lossOf(graph: Graph, form: LossForm, logits: Value): RowLoss {
  const input = (name: string) => graph.input(name, "float32", logits.dims);
  const whole = (loss: Value): RowLoss => ({ loss, value: loss });
  if (typeof form !== "string") {
    const sets = Object.fromEntries([...setsOf(form)].map((set) => [set, input(set)]));
    return whole(expand(expressionOf(form, logits, sets), [logits.dims[0], 1]));
  }
  const target = input("target");
  switch (form) {
    case "kl": {
      const [p, q] = [exp(target), logSoftmax(logits)];
      const terms = mul(p, sub(target, q));
      const positive = relu(add(terms, sub(exp(q), p)));
      return { loss: reduceSum(terms, [1], true), value: reduceSum(positive, [1], true) };
    }
    case "logits":
      return whole(reduceSum(mul(target, logits), [1], true));
    case "probabilities":
      return whole(reduceSum(mul(target, softmax(logits)), [1], true));
  }
}

const binary = { "+": add, "-": sub, "*": mul, "/": div };

const tokenValues: Readonly<Record<TokenValue, (logits: Value) => Value>> = {
  logit: (logits) => logits,
  probability: softmax,
  log_probability: logSoftmax,
};

/** Far below any logit, and still a float32. */
const FAR = 1e30;

function expressionOf(
  node: AnswerExpression,
  logits: Value,
  sets: Readonly<Record<string, Value>>,
): Value {
  switch (node.kind) {
    case "number":
      return reshape(logits.graph.scalar(node.value, "float32"), [1, 1]);
    case "negative":
      return neg(expressionOf(node.operand, logits, sets));
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
          return reduceSum(mul(set, values), [1], true);
        case "mean":
          return div(reduceSum(mul(set, values), [1], true), reduceSum(set, [1], true));
        case "max":
          return highest(values, set);
        case "min":
          return neg(highest(neg(values), set));
      }
    }
  }
}

/** Highest value in a set, [rows, 1]. Of equal values the first counts, and has all of the gradient. */
function highest(values: Value, set: Value): Value {
  const outside = scale(shift(set, -1), FAR);
  return gatherElements(values, argMax(add(values, outside)));
}
