/** Errors of the operating system about files, in a few words. @module */

/** Why a file could not be used, in a few words. */
export function fileProblem(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or folder";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.NotADirectory) return "a part of its path is a file";
  return error instanceof Error ? error.message : String(error);
}
