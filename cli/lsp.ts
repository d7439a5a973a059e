/** `circ lsp` @module */
import process from "node:process";
import { Command } from "@cliffy/command";

export function lspCommand() {
  return new Command()
    .description("Serve an editor: the language server on standard input and output.")
    .action(async () => {
      const { startLanguageServer } = await import("../dsl/editor/server.ts");
      startLanguageServer();
      // The client says when the session is over; standard input ends when the client died.
      await new Promise((resolve) => process.stdin.once("end", resolve));
      // Requests that came in before the end are answered.
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
}
