export * from "npm:onnxruntime-node@1.30.0";
