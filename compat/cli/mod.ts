/** The part of `@std/cli` that this repository uses, for machines that reach npm only. @module */
export * from "./parse_args.ts";
