/**
 * Telemetry of onnxruntime, which its packages for Linux send unless this variable is set before they are loaded.
 *
 * @module
 */
Deno.env.set("ORT_DISABLE_TELEMETRY", "1");
