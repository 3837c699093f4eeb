// What the client knows of one session, and the small immutable updates its reducer is made of.

import type { ContextPart, ToolProgress } from "@/api/events";
import type { Part, Question, Round, Session, Turn } from "@/api/types";

export interface SessionState {
  session: Session | null;
  /** Oldest first. */
  rounds: Round[];
  questions: Record<string, Question>;
  /** By tool call, only while it runs. */
  progress: Record<string, ToolProgress>;
  /** By round: what the newest turn's prompt was made of. */
  context: Record<string, { tokens: number | null; parts: ContextPart[] }>;
  /** Newest durable event that is already in here. */
  lastSeq: number;
  /** A delta did not join what is here: the open parts must be asked for again. */
  gap: boolean;
}

export const emptySessionState: SessionState = {
  session: null,
  rounds: [],
  questions: {},
  progress: {},
  context: {},
  lastSeq: 0,
  gap: false,
};

export function updateRound(
  state: SessionState,
  roundId: string | null | undefined,
  update: (round: Round) => Round,
): SessionState {
  const position = state.rounds.findLastIndex((round) => round.id === roundId);
  const round = state.rounds[position];
  if (!round) return state;
  const next = update(round);
  if (next === round) return state;
  return { ...state, rounds: state.rounds.with(position, next) };
}

export function updateTurn(
  state: SessionState,
  roundId: string | null | undefined,
  turnId: string | null | undefined,
  update: (turn: Turn) => Turn,
): SessionState {
  const target = roundId ?? roundOfTurn(state, turnId);
  return updateRound(state, target, (round) => {
    const turns = round.response.turns;
    const position = turns.findLastIndex((turn) => turn.id === turnId);
    const turn = turns[position];
    if (!turn) return round;
    const next = update(turn);
    if (next === turn) return round;
    return { ...round, response: { ...round.response, turns: turns.with(position, next) } };
  });
}

/** Updates the part, making it (and its turn) first when an event about it overtook its start. */
export function upsertPart(
  state: SessionState,
  roundId: string | null | undefined,
  turnId: string | null | undefined,
  index: number,
  kind: Part["kind"],
  update: (part: Part) => Part,
): SessionState {
  if (!turnId) return state;
  const ready = ensureTurn(state, roundId, turnId, {});
  return updateTurn(ready, roundId, turnId, (turn) => {
    const position = turn.parts.findIndex((part) => part.index === index);
    const part = turn.parts[position];
    if (part) {
      const next = update(part);
      return next === part ? turn : { ...turn, parts: turn.parts.with(position, next) };
    }
    const made = update({ index, kind, text: "", open: true });
    const after = turn.parts.findIndex((other) => other.index > index);
    const parts = turn.parts.toSpliced(after === -1 ? turn.parts.length : after, 0, made);
    return { ...turn, parts };
  });
}

export function updateToolCall(
  state: SessionState,
  roundId: string | null | undefined,
  toolCallId: string,
  update: (part: Part) => Part,
): SessionState {
  const target = roundId ?? roundOfToolCall(state, toolCallId);
  return updateRound(state, target, (round) => {
    for (const [position, turn] of round.response.turns.entries()) {
      const at = turn.parts.findIndex((part) => part.tool_call_id === toolCallId);
      const part = turn.parts[at];
      if (!part) continue;
      const next = { ...turn, parts: turn.parts.with(at, update(part)) };
      return {
        ...round,
        response: { ...round.response, turns: round.response.turns.with(position, next) },
      };
    }
    return round;
  });
}

export function ensureTurn(
  state: SessionState,
  roundId: string | null | undefined,
  turnId: string,
  known: Partial<Turn>,
): SessionState {
  return updateRound(state, roundId ?? roundOfTurn(state, turnId), (round) => {
    const turns = round.response.turns;
    const position = turns.findIndex((turn) => turn.id === turnId);
    const turn = turns[position];
    if (turn) {
      if (Object.keys(known).length === 0) return round;
      const next = { ...turn, ...known };
      return { ...round, response: { ...round.response, turns: turns.with(position, next) } };
    }
    const made: Turn = {
      id: turnId,
      index: turns.length,
      status: "streaming",
      model: null,
      provider: null,
      usage: null,
      cost_usd: null,
      finish_reason: null,
      started_at: null,
      finished_at: null,
      parts: [],
      ...known,
    };
    return { ...round, response: { ...round.response, turns: [...turns, made] } };
  });
}

/** No part is written any longer once its turn is over. */
export function closeParts(turn: Turn): Turn {
  if (!turn.parts.some((part) => part.open)) return turn;
  return {
    ...turn,
    parts: turn.parts.map((part) => (part.open ? { ...part, open: false } : part)),
  };
}

function roundOfTurn(state: SessionState, turnId: string | null | undefined): string | undefined {
  return state.rounds.findLast((round) => round.response.turns.some((turn) => turn.id === turnId))
    ?.id;
}

function roundOfToolCall(state: SessionState, toolCallId: string): string | undefined {
  return state.rounds.findLast((round) =>
    round.response.turns.some((turn) =>
      turn.parts.some((part) => part.tool_call_id === toolCallId),
    ),
  )?.id;
}
