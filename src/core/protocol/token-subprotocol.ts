/** Before a token among the subprotocols that a client offers; what is spoken comes first. */
export const TOKEN_SUBPROTOCOL = "bardcast.token.";
