/** Raised with every change of a contract in this folder; both ends refuse another version. */
export const protocolVersion = 1;
