/** Version of results: part of every key of the store. @module */
import { packageVersion } from "../../../base/version.ts";

/** The number grows whenever the same question gets another answer: earlier results are then computed anew. */
export const RESULTS_VERSION = `${packageVersion}, results 1`;
