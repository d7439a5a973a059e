/**
 * The grammar of expressions.
 *
 * Precedence, from loosest to tightest: `or`; `and`; `not`; one comparison or `in`; `..`;
 * `+ - | without above under`; `& * /`; the prefixes `-`, `top N of`, `complement of`.
 *
 * @module
 */
import type { IToken, ParserMethod, TokenType } from "../../base/packages/chevrotain.ts";
import * as t from "./tokens.ts";
import { W } from "./tokens.ts";
import { DEEPEST, nameOf } from "./base.ts";
import { FormParser } from "./form_parser.ts";
import { secondTokens } from "./lookahead.ts";
import { SELECTIONS } from "./forms.ts";
import { Problem } from "./problems.ts";
import type {
  BinaryOperator,
  ComparisonOperator,
  Expression,
  Name,
  NumberLiteral,
  Query,
  Selection,
} from "./tree.ts";

/** Rules that can follow an operand, within the rule of each precedence that is asked for from outside. */
const SUM = ["sum", "product", "path", "call"];
const VALUE = [...SUM, "value"];
const EXPRESSION = [...VALUE, "comparison", "conjunction", "expression"];

export abstract class ExpressionParser extends FormParser {
  expression = this.RULE(
    "expression",
    (): Expression =>
      this.nested(() =>
        this.lone(EXPRESSION) ?? this.chain(() => this.CONSUME(W.or), this.conjunction)
      ),
  );

  protected conjunction = this.RULE(
    "conjunction",
    (): Expression => this.chain(() => this.CONSUME(W.and), this.negation),
  );

  readonly #behind = new Map<readonly string[], ReadonlySet<TokenType>>();

  /** An operand that is all there is: most are, and need no way through the rules; undefined where one of these follows. */
  protected lone(rules: readonly string[]): Expression | undefined {
    if (this.RECORDING_PHASE) return undefined;
    let behind = this.#behind.get(rules);
    if (!behind) {
      const all = this.getGAstProductions();
      this.#behind.set(rules, behind = secondTokens(rules.map((name) => all[name])));
    }
    if (behind.has(this.LA(2).tokenType)) return undefined;
    const next = this.LA(1);
    if (next.tokenType === t.NumberToken) return this.numberOf(this.CONSUME9(t.NumberToken));
    if (next.tokenType === t.TextToken) return this.SUBRULE8(this.textLiteral);
    if (next.tokenType === t.ComponentToken) {
      return this.componentOf(this.CONSUME9(t.ComponentToken));
    }
    return this.is(next, t.Word) ? this.SUBRULE9(this.path) : undefined;
  }

  /** Operands with operators of one precedence between them, grouped from the left. */
  protected chain(operator: () => IToken, operand: ParserMethod<[], Expression>): Expression {
    const start = this.offset();
    let left = this.SUBRULE(operand);
    this.MANY(() => {
      const sign = operator();
      left = this.binary(start, sign, left, this.SUBRULE1(operand));
    });
    return left;
  }

  protected negation = this.RULE("negation", (): Expression => {
    const starts: number[] = [];
    this.MANY(() => {
      starts.push(this.CONSUME(W.not).startOffset);
      this.limitPrefixes(starts.length);
    });
    let operand = this.SUBRULE(this.comparison);
    for (const start of starts.reverse()) {
      operand = { kind: "UnaryExpression", operator: "not", operand, span: this.span(start) };
    }
    return operand;
  });

  protected comparison = this.RULE("comparison", (): Expression => {
    const start = this.offset();
    let left = this.SUBRULE(this.value);
    this.OPTION(() => {
      const operator = this.oneOf(t.Comparison, W.in);
      left = this.binary(start, operator, left, this.SUBRULE1(this.value));
    });
    return left;
  });

  /** Value of a field: an expression without comparisons. */
  protected value = this.RULE("value", (): Expression => {
    const lone = this.lone(VALUE);
    if (lone) return lone;
    const start = this.offset();
    let from = this.SUBRULE(this.sum);
    this.OPTION(() => {
      this.CONSUME(t.Range);
      const to = this.SUBRULE1(this.sum);
      from = { kind: "RangeExpression", from, to, span: this.span(start) };
    });
    return from;
  });

  protected sum = this.RULE("sum", (): Expression => {
    const lone = this.lone(SUM);
    if (lone) return lone;
    const start = this.offset();
    let left = this.SUBRULE(this.product);
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            const operator = this.OR1([
              { ALT: () => this.CONSUME(t.Plus) },
              { ALT: () => this.CONSUME(t.Minus) },
              { ALT: () => this.CONSUME(t.Bar) },
            ]);
            const right = this.SUBRULE1(this.product);
            left = this.binary(start, operator, left, right);
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.without);
            this.countOperator();
            const { selections, bracketed } = this.SUBRULE(this.selections);
            left = {
              kind: "WithoutExpression",
              circuit: left,
              selections,
              bracketed,
              span: this.span(start),
            };
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.above);
            this.countOperator();
            const threshold = this.SUBRULE2(this.product);
            left = { kind: "AboveExpression", circuit: left, threshold, span: this.span(start) };
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.under);
            this.countOperator();
            const ablation = this.SUBRULE(this.ablationName);
            left = { kind: "UnderExpression", circuit: left, ablation, span: this.span(start) };
          },
        },
      ]);
    });
    return left;
  });

  protected ablationName = this.RULE("ablationName", (): Name => this.SUBRULE(this.name));

  protected product = this.RULE(
    "product",
    (): Expression => this.chain(() => this.oneOf(t.Ampersand, t.Star, t.Slash), this.prefixed),
  );

  protected prefixed = this.RULE("prefixed", (): Expression => {
    const prefixes: { start: number; around: (operand: Expression) => object }[] = [];
    this.MANY(() => {
      const start = this.offset();
      const around = this.OR([
        {
          ALT: () => {
            this.CONSUME(t.Minus);
            return (operand: Expression) => ({ kind: "UnaryExpression", operator: "-", operand });
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.top);
            const amount = this.SUBRULE(this.primary);
            this.CONSUME(W.of);
            return (circuit: Expression) => ({ kind: "TopExpression", amount, circuit });
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.complement);
            this.CONSUME1(W.of);
            return (circuit: Expression) => ({ kind: "ComplementExpression", circuit });
          },
        },
      ]);
      prefixes.push({ start, around });
      this.limitPrefixes(prefixes.length);
    });
    const operand = this.SUBRULE1(this.primary);
    if (this.RECORDING_PHASE) return operand;
    return prefixes.reduceRight<Expression>(
      (inner, { start, around }) => ({ ...around(inner), span: this.span(start) }) as Expression,
      operand,
    );
  });

  protected limitPrefixes(count: number): void {
    if (!this.RECORDING_PHASE && count > DEEPEST) {
      throw new Problem(
        this.span(this.LA(0).startOffset),
        `nested more than ${DEEPEST} deep`,
      );
    }
  }

  protected primary = this.RULE("primary", (): Expression =>
    this.OR({
      DEF: [
        { ALT: () => this.numberOf(this.CONSUME(t.NumberToken)) },
        { ALT: () => this.SUBRULE(this.textLiteral) },
        { ALT: () => this.SUBRULE(this.list) },
        { ALT: () => this.SUBRULE(this.group) },
        { ALT: () => this.componentOf(this.CONSUME(t.ComponentToken)) },
        { GATE: () => this.atCall(), ALT: () => this.SUBRULE(this.call) },
        { ALT: () => this.SUBRULE(this.rule<Query>("query")) },
        { ALT: () => this.SUBRULE(this.path), IGNORE_AMBIGUITIES: true },
      ],
      ERR_MSG: "a value",
    }));

  protected numberOf(token: IToken): NumberLiteral {
    return {
      kind: "NumberLiteral",
      ...readNumber(token.image),
      span: this.span(token.startOffset),
    };
  }

  /** A name with `(` directly behind it: with a gap, the bracket begins something new. */
  protected atCall(): boolean {
    const name = this.LA(1);
    return this.LA(2).startOffset === name.startOffset + name.image.length;
  }

  protected call = this.RULE("call", (): Expression => {
    const callee = this.oneOf(t.Word, W.count, W.edges);
    const open = this.CONSUME(t.LeftParenthesis);
    const items = this.items(this.argument);
    this.close(open, t.RightParenthesis, true);
    return {
      kind: "CallExpression",
      callee: nameOf(callee),
      arguments: items,
      span: this.span(callee.startOffset),
    };
  });

  /** Items in brackets, with commas between them. */
  protected items(rule: ParserMethod<[], Expression>): Expression[] {
    const items: Expression[] = [];
    this.bracketed(() =>
      this.MANY_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(rule)) })
    );
    return items;
  }

  protected argument = this.RULE("argument", (): Expression =>
    this.OR({
      DEF: [
        {
          ALT: () => {
            const token = this.CONSUME(t.Comparison);
            return {
              kind: "OperatorArgument" as const,
              operator: spelt(token.image) as ComparisonOperator,
              span: this.span(token.startOffset),
            };
          },
        },
        { ALT: () => this.SUBRULE(this.expression) },
      ],
      ERR_MSG: "a value",
    }));

  protected list = this.RULE("list", (): Expression => {
    const open = this.CONSUME(t.LeftBracket);
    const items = this.items(this.expression);
    this.close(open, t.RightBracket, true);
    return { kind: "ListLiteral", items, span: this.span(open.startOffset) };
  });

  protected group = this.RULE("group", (): Expression => {
    const open = this.CONSUME(t.LeftParenthesis);
    const inner = this.bracketed(() => this.SUBRULE(this.expression));
    this.close(open, t.RightParenthesis);
    return { kind: "GroupExpression", inner, span: this.span(open.startOffset) };
  });

  protected binary(
    start: number,
    operator: IToken,
    left: Expression,
    right: Expression,
  ): Expression {
    this.countOperator();
    const image = operator.image ?? "";
    return {
      kind: "BinaryExpression",
      operator: spelt(image) as BinaryOperator,
      operatorSpan: {
        start: operator.startOffset,
        end: Math.min(operator.startOffset + image.length, this.text.length),
      },
      left,
      right,
      span: this.span(start),
    };
  }

  protected selections = this.RULE("selections", () => {
    const selection = this.rule<Selection>("selection");
    return this.OR([
      { ALT: () => ({ selections: [this.SUBRULE(selection)], bracketed: false }) },
      {
        ALT: () => {
          const selections: Selection[] = [];
          const open = this.CONSUME(t.LeftBracket);
          const DEF = () => void selections.push(this.SUBRULE1(selection));
          this.bracketed(() => this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF }));
          this.close(open, t.RightBracket);
          return { selections, bracketed: true };
        },
      },
    ]);
  });

  protected selectionRules = this.define(SELECTIONS);
}

/** An operator in its one spelling. */
function spelt(image: string): string {
  return image === "==" ? "=" : image;
}

function readNumber(text: string): { value: number; percent: boolean; text: string } {
  const percent = text.endsWith("%");
  const digits = percent ? text.slice(0, -1) : text;
  if (!percent) return { value: Number(digits), percent, text };
  // 98% is the decimal number 0.98, not 98 divided by 100 in binary.
  const [mantissa, exponent = "0"] = digits.toLowerCase().split("e");
  return { value: Number(`${mantissa}e${Number(exponent) - 2}`), percent, text };
}
