export * from "npm:@hpcc-js/wasm-graphviz@1.29.2";
