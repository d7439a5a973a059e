/**
 * Modules that are loaded when they are needed, and not before.
 *
 * As a program starts, Deno reads every module that an `import("...")` with a plain text names. What records load when they
 * run would be read by each `circ check`, so it is named by its URL.
 *
 * @module
 */

/**
 * A module by its URL. Type and URL name the same file.
 *
 * @example
 * ```ts
 * const { layersToSvg } = await load<typeof import("./layers.ts")>(import.meta.resolve("./layers.ts"));
 * ```
 */
export function load<Module>(url: string): Promise<Module> {
  return import(url);
}
