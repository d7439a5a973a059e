/** Steps of a method that measures masks, reported as they are done. @module */
import type { DiscoveryHooks, DiscoveryStep } from "./method.ts";
import type { Objective } from "./objective.ts";

export function recordSteps(objective: Objective, { onStep, signal }: DiscoveryHooks) {
  const steps: DiscoveryStep[] = [];
  return {
    steps,
    /** Adds a step, counted from 1, at masks of a loss and a sparsity; false when the method should stop. */
    add(step: number, all: number, loss: number, sparsity: number): boolean {
      const done: DiscoveryStep = {
        step,
        steps: all,
        ...objective.report(loss),
        targetSparsity: sparsity,
        expectedSparsity: sparsity,
        seconds: objective.cost().seconds,
      };
      steps.push(done);
      onStep?.(done);
      return !signal?.aborted;
    },
  };
}

/** Sparsity of masks z [edges], each in [0, 1]. */
export const sparsityOf = (z: Float32Array): number =>
  1 - z.reduce((sum, value) => sum + value, 0) / z.length;
