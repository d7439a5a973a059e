export * from "npm:hyparquet-compressors@1.1.2";
