/** What is said on one socket, in the words of one wire. */
export interface Conversation {
  /** Takes a message, as what its JSON says. @throws BardcastError `bad-request` where it makes no sense */
  receive(message: unknown): void;
  close(code: number, reason: string): void;
  /** The socket is gone. @param code with which its client closed it, where it did */
  ended(code?: number): void;
}
