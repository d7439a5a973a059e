/**
 * The grammar of queries over circuits.
 *
 * @module
 */
import * as t from "./tokens.ts";
import { W } from "./tokens.ts";
import { nameOf, wordOf } from "./base.ts";
import { ExpressionParser } from "./expressions.ts";
import type { Expression, Name, OrderKey, Path, Pattern, Query, StepCount } from "./tree.ts";

export abstract class QueryParser extends ExpressionParser {
  protected query = this.RULE("query", (): Query =>
    this.nested(() =>
      this.OR([
        { ALT: () => this.SUBRULE(this.listQuery) },
        { ALT: () => this.SUBRULE(this.whyQuery) },
        { ALT: () => this.SUBRULE(this.overlapQuery) },
        { ALT: () => this.SUBRULE(this.stabilityQuery) },
        { ALT: () => this.SUBRULE(this.runQuery) },
        { ALT: () => this.SUBRULE(this.evaluateQuery) },
        { ALT: () => this.SUBRULE(this.compareQuery) },
      ])
    ));

  protected listQuery = this.RULE("listQuery", (): Query => {
    const start = this.offset();
    const count = this.OPTION(() => this.CONSUME(W.count)) !== undefined;
    const what = this.OR({
      DEF: [
        { ALT: () => this.CONSUME(W.edges) },
        { ALT: () => this.CONSUME(W.nodes) },
        { ALT: () => this.CONSUME(W.paths) },
      ],
      ERR_MSG: "`edges`, `nodes` or `paths`",
    });
    this.CONSUME(W.of);
    const circuit = this.SUBRULE(this.sum);
    // Only paths have ends; `save edges of ep to "FILE"` goes on after the query.
    const ofPaths = () => wordOf(what) === "paths" && !this.is(this.LA(2), t.TextToken);
    const from = this.OPTION1({
      GATE: ofPaths,
      DEF: () => {
        this.CONSUME(W.from);
        return this.SUBRULE(this.pattern);
      },
    });
    const to = this.OPTION2({
      GATE: ofPaths,
      DEF: () => {
        this.CONSUME(W.to);
        return this.SUBRULE1(this.pattern);
      },
    });
    const via: Pattern[] = [];
    this.OPTION3({
      GATE: ofPaths,
      DEF: () => {
        this.CONSUME(W.via);
        this.AT_LEAST_ONE_SEP({
          SEP: t.Comma,
          DEF: () => via.push(this.SUBRULE2(this.pattern)),
        });
      },
    });
    const where = this.OPTION4(() => {
      this.CONSUME(W.where);
      return this.SUBRULE(this.expression);
    });
    const groupBy: Path[] = [];
    this.OPTION5(() => {
      this.CONSUME(W.group);
      this.CONSUME(W.by);
      this.AT_LEAST_ONE_SEP1({
        SEP: t.Comma,
        DEF: () => groupBy.push(this.SUBRULE(this.path)),
      });
    });
    const orderBy: OrderKey[] = [];
    this.OPTION6(() => {
      this.CONSUME(W.order);
      this.CONSUME1(W.by);
      this.AT_LEAST_ONE_SEP2({
        SEP: t.Comma,
        DEF: () => orderBy.push(this.SUBRULE(this.orderKey)),
      });
    });
    const limit = this.OPTION7(() => {
      this.CONSUME(W.limit);
      return this.SUBRULE1(this.sum);
    });
    return {
      kind: "ListQuery",
      what: wordOf(what) as "edges" | "nodes" | "paths",
      count,
      circuit,
      from,
      to,
      via,
      where,
      groupBy,
      orderBy,
      limit,
      span: this.span(start),
    };
  });

  protected orderKey = this.RULE("orderKey", (): OrderKey => {
    const start = this.offset();
    const field = this.OR1([
      { ALT: () => this.SUBRULE(this.countColumn) },
      { ALT: () => this.SUBRULE(this.path) },
    ]);
    const direction: string | undefined = this.OPTION(() => this.oneOf(W.asc, W.desc).image);
    return {
      kind: "OrderKey",
      field,
      direction: direction as "asc" | "desc" | undefined,
      span: this.span(start),
    };
  });

  protected countColumn = this.RULE("countColumn", (): Path => {
    const name = nameOf(this.CONSUME(W.count));
    return { kind: "Path", parts: [name], text: name.text, span: name.span };
  });

  protected whyQuery = this.RULE("whyQuery", (): Query => {
    const start = this.CONSUME(W.why).startOffset;
    const node = this.SUBRULE(this.pattern);
    this.CONSUME(W.in);
    const circuit = this.SUBRULE(this.sum);
    return { kind: "WhyQuery", node, circuit, span: this.span(start) };
  });

  protected circuits = this.RULE("circuits", (): Expression[] => {
    const circuits: Expression[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => circuits.push(this.SUBRULE(this.sum)) });
    return circuits;
  });

  protected overlapQuery = this.RULE("overlapQuery", (): Query => {
    const start = this.CONSUME(W.overlap).startOffset;
    const circuits = this.SUBRULE(this.circuits);
    return { kind: "OverlapQuery", circuits, span: this.span(start) };
  });

  protected stabilityQuery = this.RULE("stabilityQuery", (): Query => {
    const start = this.CONSUME(W.stability).startOffset;
    this.CONSUME(W.of);
    const circuit = this.SUBRULE(this.sum);
    this.CONSUME(W.over);
    const count = this.SUBRULE1(this.sum);
    const over = this.SUBRULE(this.repeatName);
    return { kind: "StabilityQuery", circuit, count, over, span: this.span(start) };
  });

  protected repeatName = this.RULE("repeatName", (): Name => this.SUBRULE(this.name));

  protected runQuery = this.RULE("runQuery", (): Query => {
    const start = this.CONSUME(W.run).startOffset;
    const circuit = this.SUBRULE(this.sum);
    this.CONSUME(W.on);
    const prompt = this.SUBRULE(this.textLiteral);
    const corrupted = this.OPTION(() => {
      this.CONSUME(W.corrupted);
      return this.SUBRULE1(this.textLiteral);
    });
    return { kind: "RunQuery", circuit, prompt, corrupted, span: this.span(start) };
  });

  protected evaluateQuery = this.RULE("evaluateQuery", (): Query => {
    const start = this.CONSUME(W.evaluate).startOffset;
    const circuits = this.SUBRULE(this.circuits);
    const on = this.OPTION(() => this.SUBRULE(this.onClause));
    const corruption = this.OPTION1(() => this.SUBRULE(this.corruptedClause));
    const against = this.OPTION2(() => {
      this.CONSUME(W.against);
      return this.SUBRULE(this.sum);
    });
    const by = this.OPTION3(() => this.SUBRULE(this.byClause)) ?? [];
    return {
      kind: "EvaluateQuery",
      circuits,
      on,
      corruption,
      against,
      by,
      span: this.span(start),
    };
  });

  protected compareQuery = this.RULE("compareQuery", (): Query => {
    const start = this.CONSUME(W.compare).startOffset;
    const circuits = this.SUBRULE(this.circuits);
    const on = this.OPTION(() => this.SUBRULE(this.onClause));
    const corruption = this.OPTION1(() => this.SUBRULE(this.corruptedClause));
    const by = this.OPTION2(() => this.SUBRULE(this.byClause)) ?? [];
    return { kind: "CompareQuery", circuits, on, corruption, by, span: this.span(start) };
  });

  protected onClause = this.RULE("onClause", (): Path => {
    this.CONSUME(W.on);
    return this.SUBRULE(this.path);
  });

  protected corruptedClause = this.RULE("corruptedClause", (): Name => {
    this.CONSUME(W.corrupted);
    this.CONSUME(W.by);
    return this.SUBRULE(this.corruptionName);
  });

  protected corruptionName = this.RULE("corruptionName", (): Name => this.SUBRULE(this.name));

  protected byClause = this.RULE("byClause", (): Name[] => {
    this.CONSUME(W.by);
    const names = this.listed(() => this.SUBRULE(this.metricName));
    return names;
  });

  protected metricName = this.RULE("metricName", (): Name => this.SUBRULE(this.name));

  /** `200 steps`: the unit stands on the number's line and is not itself the field `steps 3000`. */
  protected stepCount = this.RULE("stepCount", (): StepCount => {
    const start = this.offset();
    const value = this.SUBRULE(this.sum);
    const unit = this.OPTION({
      GATE: () => !this.startsLine(1) && !this.is(this.LA(2), t.NumberToken),
      DEF: () => this.CONSUME(W.steps),
    }) !== undefined;
    return { kind: "StepCount", value, unit, span: this.span(start) };
  });
}
