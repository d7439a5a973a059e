import "./no_telemetry.ts";
export * from "npm:onnxruntime-node@1.30.0";
