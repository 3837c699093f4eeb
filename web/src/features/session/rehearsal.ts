import type { Round } from "@/api/types";

/** Whether no model worked on it but the scripted stand-in, which has no tokens and no price. */
export const isRehearsed = (round: Round): boolean =>
  round.response.turns.length > 0 &&
  round.response.turns.every((turn) => turn.provider === "rehearsal");
