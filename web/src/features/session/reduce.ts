// Pure: the state of a session after one more event. Durable events that are already in the state
// are ignored by their `seq`; live text is joined by its offset, so replays, duplicates and
// overlapping snapshots all end in the same state.

import type { Envelope, SessionEvent } from "@/api/events";
import type { Part, Round } from "@/api/types";
import {
  closeParts,
  ensureTurn,
  type SessionState,
  updateRound,
  updateToolCall,
  updateTurn,
  upsertPart,
} from "./state";

export function reduce(state: SessionState, envelope: Envelope): SessionState {
  const { seq } = envelope;
  if (typeof seq === "number") {
    if (seq <= state.lastSeq) return state;
    return { ...apply(state, envelope as SessionEvent), lastSeq: seq };
  }
  return apply(state, envelope as SessionEvent);
}

export const reduceAll = (state: SessionState, events: readonly Envelope[]): SessionState =>
  events.reduce(reduce, state);

function apply(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case "session.updated":
      return { ...state, session: event.data.session };
    case "question.asked":
    case "question.resolved":
      return applyQuestion(state, event);
    case "round.queued":
    case "round.started":
    case "round.waiting":
    case "round.paused":
    case "round.completed":
    case "round.stopped":
    case "round.failed":
    case "round.removed":
      return applyRound(state, event);
    case "servers.waiting": {
      const waitingFor = event.data.servers.map((each) => each.server);
      return updateRound(state, event.round_id, (round) => ({ ...round, waitingFor }));
    }
    case "context.built":
      if (!event.round_id) return state;
      return {
        ...state,
        context: {
          ...state.context,
          [event.round_id]: { tokens: event.data.tokens, parts: event.data.parts },
        },
      };
    case "turn.started":
    case "turn.completed":
    case "turn.interrupted":
    case "turn.failed":
    case "turn.retrying":
      return applyTurn(state, event);
    case "part.started":
    case "part.delta":
    case "part.snapshot":
    case "part.completed":
      return applyPart(state, event);
    case "tool.requested":
    case "tool.started":
    case "tool.progress":
    case "tool.completed":
      return applyTool(state, event);
    default:
      return state;
  }
}

type Of<Prefix extends string> = Extract<SessionEvent, { type: `${Prefix}.${string}` }>;

function applyRound(state: SessionState, event: Of<"round">): SessionState {
  const at = event.at ?? null;
  switch (event.type) {
    case "round.queued": {
      const { round } = event.data;
      const known = state.rounds.some((other) => other.id === round.id);
      return known ? state : { ...state, rounds: [...state.rounds, round] };
    }
    case "round.started":
      return updateRound(state, event.round_id, (round) => ({
        ...round,
        status: "running",
        error: null,
        pause_reason: null,
        started_at: round.started_at ?? at,
      }));
    case "round.waiting":
      return updateRound(state, event.round_id, (round) => ({ ...round, status: "waiting" }));
    case "round.paused": {
      const { reason } = event.data;
      return updateRound(state, event.round_id, (round) =>
        ended({ ...round, status: "paused", pause_reason: reason }),
      );
    }
    case "round.completed": {
      const { usage, cost_usd } = event.data;
      return updateRound(state, event.round_id, (round) =>
        ended({ ...round, status: "completed", usage, cost_usd, finished_at: at }),
      );
    }
    case "round.stopped":
      return updateRound(state, event.round_id, (round) =>
        ended({ ...round, status: "stopped", finished_at: at }),
      );
    case "round.removed":
      return { ...state, rounds: state.rounds.filter((round) => round.id !== event.round_id) };
    case "round.failed": {
      const { code, detail } = event.data;
      return updateRound(state, event.round_id, (round) =>
        ended({ ...round, status: "failed", error: { code, detail }, finished_at: at }),
      );
    }
  }
}

const ended = (round: Round): Round => ({
  ...round,
  response: { ...round.response, turns: round.response.turns.map(closeParts) },
});

function applyTurn(state: SessionState, event: Of<"turn">): SessionState {
  const at = event.at ?? null;
  const { round_id, turn_id } = event;
  if (!turn_id) return state;
  switch (event.type) {
    case "turn.started": {
      const { index, model, provider } = event.data;
      const started = ensureTurn(state, round_id, turn_id, {
        index,
        model,
        provider,
        started_at: at,
      });
      return running(started, round_id);
    }
    case "turn.completed": {
      const { usage, cost_usd, finish_reason } = event.data;
      return updateTurn(state, round_id, turn_id, (turn) => ({
        ...closeParts(turn),
        status: "completed",
        usage,
        cost_usd,
        finish_reason,
        finished_at: at,
      }));
    }
    case "turn.retrying":
      return updateTurn(state, round_id, turn_id, (turn) => ({ ...turn, retrying: event.data }));
    case "turn.interrupted":
      return updateTurn(state, round_id, turn_id, (turn) => ({
        ...closeParts(turn),
        status: "interrupted",
        finished_at: at,
      }));
    case "turn.failed": {
      const { code, detail } = event.data;
      return updateTurn(state, round_id, turn_id, (turn) => ({
        ...closeParts(turn),
        status: "failed",
        error: { code, detail },
        finished_at: at,
      }));
    }
  }
}

/** Work goes on in a round that waited: there is no event of its own for that. */
const running = (state: SessionState, roundId: string | null | undefined): SessionState =>
  updateRound(state, roundId, (round) =>
    round.status === "waiting" || round.status === "queued"
      ? { ...round, status: "running" }
      : round,
  );

function applyPart(state: SessionState, event: Of<"part">): SessionState {
  const { index } = event.data;
  const turnId = event.turn_id ?? ("turn_id" in event.data ? event.data.turn_id : undefined);
  const change = (kind: Part["kind"], update: (part: Part) => Part) =>
    upsertPart(state, event.round_id, turnId, index, kind, update);
  switch (event.type) {
    case "part.started": {
      const { kind, tool_call_id } = event.data;
      return change(kind, (part) => ({
        ...part,
        kind,
        tool_call_id: tool_call_id ?? part.tool_call_id ?? null,
        open: true,
      }));
    }
    case "part.delta": {
      const { offset, text, kind } = event.data;
      let gap = false;
      const next = change(kind ?? "text", (part) => {
        if (part.open === false) return part;
        const have = part.text ?? "";
        if (offset > have.length) gap = true;
        if (offset > have.length || offset + text.length <= have.length) return part;
        return { ...part, text: have + text.slice(have.length - offset), open: true };
      });
      return gap && !next.gap ? { ...next, gap } : next;
    }
    case "part.snapshot": {
      const { kind, text } = event.data;
      const next = change(kind, (part) => {
        const have = part.text ?? "";
        if (part.open === false || have.length > text.length) return part;
        return { ...part, kind, text, open: true };
      });
      return next.gap ? { ...next, gap: false } : next;
    }
    case "part.completed": {
      const { kind, text } = event.data;
      return change(kind, (part) => ({
        ...part,
        kind,
        text: text ?? part.text ?? "",
        open: false,
      }));
    }
  }
}

function applyTool(state: SessionState, event: Of<"tool">): SessionState {
  const { tool_call_id } = event.data;
  switch (event.type) {
    case "tool.requested": {
      const { index, server, tool } = event.data;
      return upsertPart(state, event.round_id, event.turn_id, index, "tool_call", (part) => ({
        ...part,
        kind: "tool_call",
        tool_call_id,
        server,
        tool,
        arguments: event.data.arguments,
        status: "requested",
        open: false,
      }));
    }
    case "tool.started": {
      const started = updateToolCall(state, event.round_id, tool_call_id, (part) => ({
        ...part,
        arguments: event.data.arguments ?? part.arguments,
        status: "sent",
      }));
      return running(started, event.round_id);
    }
    case "tool.progress": {
      const { progress, total, message } = event.data;
      return {
        ...state,
        progress: { ...state.progress, [tool_call_id]: { progress, total, message } },
      };
    }
    case "tool.completed": {
      const { status, is_error, duration_ms, result } = event.data;
      const { [tool_call_id]: _ended, ...progress } = state.progress;
      return updateToolCall({ ...state, progress }, event.round_id, tool_call_id, (part) => ({
        ...part,
        status,
        is_error,
        duration_ms,
        result,
      }));
    }
  }
}

function applyQuestion(state: SessionState, event: Of<"question">): SessionState {
  if (event.type === "question.asked") {
    const { question } = event.data;
    const asked = { ...state, questions: { ...state.questions, [question.id]: question } };
    if (!question.tool_call_id) return asked;
    return updateToolCall(asked, question.round_id, question.tool_call_id, (part) => ({
      ...part,
      question_id: question.id,
      status: question.kind === "approval" ? "waiting" : part.status,
    }));
  }
  const { question_id, status, answer } = event.data;
  const question = state.questions[question_id];
  if (!question) return state;
  const answered = { ...question, status, answer, answered_at: event.at ?? question.answered_at };
  const questions = { ...state.questions, [question_id]: answered };
  const resolved = { ...state, questions };
  const waits = Object.values(questions).some(
    (other) => other.status === "open" && other.round_id === question.round_id,
  );
  const next = waits ? resolved : running(resolved, question.round_id);
  if (!question.tool_call_id) return next;
  return updateToolCall(next, question.round_id, question.tool_call_id, (part) =>
    part.status === "waiting" ? { ...part, status: "requested" } : part,
  );
}
