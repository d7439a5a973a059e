/** This package's version: stored with everything that it finds. */
export const packageVersion = "0.1.0";
