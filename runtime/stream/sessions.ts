/**
 * Sessions, each opened when it is first needed: those of one batch shape, and those of mixing, which serve all shapes.
 *
 * @module
 */
import type { Device } from "../engine/mod.ts";
import { openSession, type Session, type SessionOptions } from "../engine/session.ts";
import type { LossForm } from "../metrics/mod.ts";
import type { BatchShape } from "./attention.ts";
import {
  type BuiltGraph,
  denseGraph,
  layerGraphs,
  type LayerPart,
  logitsGraph,
  mixingGraph,
} from "./graphs.ts";
import { type GraphModel, weightSettings, weightsFolder } from "./weights.ts";

export type MixingSessions = ReturnType<typeof mixingSessions>;
export type ModelSessions = ReturnType<typeof modelSessions>;
export type ShapeSessions = ReturnType<typeof shapeSessions>;
export type LayerSessions = ReturnType<ShapeSessions["layer"]>;

/** Opens each session once, by the name of its graph. */
function sessionStore(device: Device, options: SessionOptions) {
  const sessions = new Map<string, Promise<Session>>();
  let released = false;
  return {
    open(
      name: string,
      build: () => BuiltGraph & Pick<SessionOptions, "cuts">,
    ): Promise<Session> {
      let session = sessions.get(name);
      if (!session) {
        if (released) throw new Error("Cannot open a session: its model is closed");
        const { graph, outputs, cuts } = build();
        session = openSession(device, graph, outputs, { ...options, cuts });
        sessions.set(name, session);
      }
      return session;
    },
    async release() {
      released = true;
      for (const opening of sessions.values()) {
        // A session that did not open has nothing to release.
        await (await opening.catch(() => null))?.release();
      }
      sessions.clear();
    },
  };
}

/** The sessions of mixing (graphs.ts). */
export function mixingSessions(device: Device) {
  const { open, release } = sessionStore(device, { shapes: "free" });
  return {
    mix: () => open("mix", () => mixingGraph("mix")),
    maskGradient: () => open("maskGradient", () => mixingGraph("zGradient")),
    writerGradient: () => open("writerGradient", () => mixingGraph("writerGradient")),
    release,
  };
}

/**
 * The sessions of a model for any batch shape.
 *
 * @param readers `split` where a head's q, k and v have readers of their own, `joint` where they share one
 */
export function modelSessions(device: Device, model: GraphModel, readers: "split" | "joint") {
  const shapes = new Map<string, ShapeSessions>();
  return {
    of(shape: BatchShape): ShapeSessions {
      const key = `${shape.batch}x${shape.length}`;
      if (!shapes.has(key)) shapes.set(key, shapeSessions(device, model, readers, shape));
      return shapes.get(key)!;
    },
    async release(): Promise<void> {
      for (const sessions of shapes.values()) await sessions.release();
    },
  };
}

/** The sessions of one batch shape. */
function shapeSessions(
  device: Device,
  model: GraphModel,
  readers: "split" | "joint",
  shape: BatchShape,
) {
  const { open, release } = sessionStore(device, {
    weightsFolder: weightsFolder(model),
    ...weightSettings(model),
  });
  const openLayer = (layer: number, part: LayerPart, key: string) => {
    const { forward, backward } = layerGraphs(model, layer, shape, readers, part);
    return {
      /** Shapes of the values that the forward pass saves for the backward pass. */
      saved: Object.entries(forward.outputs)
        .filter(([name]) => name.startsWith("saved."))
        .map(([name, { dims }]) => ({ name, dims })),
      forward: () => open(`forward.${key}`, () => forward),
      backward: () => open(`backward.${key}`, () => backward),
    };
  };
  const layers = new Map<string, ReturnType<typeof openLayer>>();

  return {
    shape,
    dense: () => open("dense", () => denseGraph(model, shape, shape.batch)),
    /** The sessions of one layer, or of a part of it. */
    layer(layer: number, part: LayerPart) {
      const key = `${layer}.${part.heads}.${part.mlp}${part.masksByRow ? ".by_row" : ""}`;
      if (!layers.has(key)) layers.set(key, openLayer(layer, part, key));
      return layers.get(key)!;
    },
    logits: (loss: LossForm, gradient: boolean) =>
      open(`logits.${JSON.stringify(loss)}.${gradient}`, () => {
        const built = logitsGraph(model, shape.batch, loss);
        return gradient ? built.gradient : built.forward;
      }),
    release,
  };
}
