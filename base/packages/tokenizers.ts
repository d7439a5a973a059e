export * from "npm:tokenizers@0.23.2";
