/**
 * Sessions, each opened when it is first needed: those of one batch shape, and those of mixing, which serve all shapes.
 *
 * @module
 */
import type { Device } from "../engine/mod.ts";
import { openSession, type Session, type SessionOptions } from "../engine/session.ts";
import type { LossForm } from "../metrics/loss.ts";
import type { BatchShape } from "./attention.ts";
import {
  type BuiltGraph,
  denseGraph,
  layerGraphs,
  type LayerPart,
  logitsGraph,
  maskGradientGraph,
  mixGraph,
  writerGradientGraph,
} from "./graphs.ts";
import { type GraphModel, weightSettings, weightsFolder } from "./weights.ts";

/** Shape of a value that a layer's forward pass saves for its backward pass. */
export interface SavedShape {
  readonly name: string;
  readonly dims: readonly number[];
}

/** The sessions of one layer, or of a part of it. */
export interface LayerSessions {
  readonly saved: readonly SavedShape[];
  forward(): Promise<Session>;
  backward(): Promise<Session>;
}

/** All sessions of one batch shape. */
export interface ShapeSessions {
  readonly shape: BatchShape;
  dense(): Promise<Session>;
  layer(layer: number, part: LayerPart): LayerSessions;
  logits(loss: LossForm, gradient: boolean): Promise<Session>;
  release(): Promise<void>;
}

/** The sessions of mixing (graphs.ts). */
export interface MixingSessions {
  mix(): Promise<Session>;
  maskGradient(): Promise<Session>;
  writerGradient(): Promise<Session>;
  release(): Promise<void>;
}

/** Opens the sessions of a model for any batch shape. */
export interface ModelSessions {
  of(shape: BatchShape): ShapeSessions;
  release(): Promise<void>;
}

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

export function mixingSessions(device: Device): MixingSessions {
  const { open, release } = sessionStore(device, { shapes: "free" });
  return {
    mix: () => open("mix", mixGraph),
    maskGradient: () => open("maskGradient", maskGradientGraph),
    writerGradient: () => open("writerGradient", writerGradientGraph),
    release,
  };
}

/** @param readers `split` where a head's q, k and v have readers of their own, `joint` where they share one */
export function modelSessions(
  device: Device,
  model: GraphModel,
  readers: "split" | "joint",
): ModelSessions {
  const shapes = new Map<string, ShapeSessions>();
  return {
    of(shape) {
      const key = `${shape.batch}x${shape.length}`;
      if (!shapes.has(key)) shapes.set(key, shapeSessions(device, model, readers, shape));
      return shapes.get(key)!;
    },
    async release() {
      for (const sessions of shapes.values()) await sessions.release();
    },
  };
}

function shapeSessions(
  device: Device,
  model: GraphModel,
  readers: "split" | "joint",
  shape: BatchShape,
): ShapeSessions {
  const { open, release } = sessionStore(device, {
    weightsFolder: weightsFolder(model),
    ...weightSettings(model),
  });
  const layers = new Map<string, LayerSessions>();

  const openLayer = (layer: number, part: LayerPart, key: string): LayerSessions => {
    const { forward, backward } = layerGraphs(model, layer, shape, readers, part);
    return {
      saved: Object.entries(forward.outputs)
        .filter(([name]) => name.startsWith("saved."))
        .map(([name, { dims }]) => ({ name, dims })),
      forward: () => open(`forward.${key}`, () => forward),
      backward: () => open(`backward.${key}`, () => backward),
    };
  };

  return {
    shape,
    dense: () => open("dense", () => denseGraph(model, shape, shape.batch)),
    layer(layer, part) {
      const key = `${layer}.${part.heads}.${part.mlp}${part.masksByRow ? ".by_row" : ""}`;
      if (!layers.has(key)) layers.set(key, openLayer(layer, part, key));
      return layers.get(key)!;
    },
    logits: (loss, gradient) =>
      open(`logits.${JSON.stringify(loss)}.${gradient}`, () => {
        const built = logitsGraph(model, shape.batch, loss);
        return gradient ? built.gradient : built.forward;
      }),
    release,
  };
}
