/** An evaluation: the forward pass, the logits, and the divergence from the full model. @module */
import type { Context, Pass } from "./context.ts";
import { forwardPass, logitsPass, logitsRead, targetsOf } from "./forward_pass.ts";

/**
 * Writes the KL of every example of a pass into `kl`, and its logits into `logits` unless that is null, each at its place
 * among the chosen ones.
 *
 * @param kl [chosen]
 * @param logits [chosen, vocabulary]
 * @param from as in {@link forwardPass}
 */
export async function evaluationPass(
  context: Context,
  pass: Pass,
  kl: Float32Array,
  logits: Float32Array | null,
  from?: { readonly stack: Float32Array; readonly layer: number },
): Promise<void> {
  const { arena, architecture: { vocabulary } } = context;
  const { batch } = pass.sessions.shape;
  const stack = await forwardPass(context, pass, false, from);
  const { read } = await logitsRead(context, pass, stack);
  const rowLoss = arena.view("rowLoss", [batch, 1]);
  const rowLogits = arena.view("logits", [batch, vocabulary]);
  const weight = { data: new Float32Array(batch), dims: [batch, 1] };
  await logitsPass(pass, "kl", { read, target: targetsOf(context, pass), weight }, {
    rowLoss,
    ...(logits ? { logits: rowLogits } : {}),
  });
  pass.chosen.forEach((i, row) => {
    if (i < 0) return;
    kl[i] = rowLoss.data[row];
    logits?.set(
      rowLogits.data.subarray(row * vocabulary, (row + 1) * vocabulary),
      i * vocabulary,
    );
  });
}
