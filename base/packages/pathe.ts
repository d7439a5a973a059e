export * from "npm:pathe@2.0.3";
