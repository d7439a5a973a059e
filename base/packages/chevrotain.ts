export * from "npm:chevrotain@13.2.0";
