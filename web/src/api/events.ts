// What arrives on the socket. Unknown types are legal and ignored.

import type {
  Failure,
  PartKind,
  PauseReason,
  Question,
  Round,
  Session,
  ToolCallStatus,
  ToolResult,
  Usage,
} from "./types";

interface EventData {
  "session.updated": { session: Session };
  "round.queued": { round: Round };
  "round.started": Record<string, never>;
  "context.built": { tokens: number | null; parts: ContextPart[]; cache?: unknown };
  "turn.started": { index: number; model: string | null; provider: string | null };
  "part.started": { index: number; kind: PartKind; tool_call_id?: string | null };
  "part.delta": {
    turn_id?: string;
    index: number;
    kind?: PartKind;
    /** UTF-16 code units that come before this text. */
    offset: number;
    text: string;
  };
  "part.snapshot": { turn_id?: string; index: number; kind: PartKind; text: string };
  "part.completed": { index: number; kind: PartKind; text?: string | null };
  "tool.requested": {
    tool_call_id: string;
    index: number;
    server: string;
    tool: string;
    arguments: unknown;
  };
  /** The arguments that were sent: a person may have changed the model's. */
  "tool.started": { tool_call_id: string; arguments?: unknown };
  "tool.progress": ToolProgress & { tool_call_id: string };
  "tool.completed": {
    tool_call_id: string;
    status: ToolCallStatus;
    is_error: boolean;
    duration_ms: number | null;
    result: ToolResult | null;
  };
  "question.asked": { question: Question };
  "question.resolved": { question_id: string; status: Question["status"]; answer: unknown };
  "turn.completed": { usage: Usage | null; cost_usd: number | null; finish_reason: string | null };
  "turn.interrupted": Record<string, never>;
  "turn.failed": Failure;
  "turn.retrying": Retrying;
  "servers.waiting": { servers: { server: string; detail: string | null }[] };
  "round.waiting": { question_ids: string[] };
  "round.paused": { reason: PauseReason };
  "round.completed": { usage: Usage | null; cost_usd: number | null };
  "round.stopped": Record<string, never>;
  "round.removed": Record<string, never>;
  "round.failed": Failure;
}

/** A model call failed and is tried again after a while. */
export interface Retrying {
  attempt: number;
  max_attempts: number;
  wait_seconds: number;
  detail: string;
}

export interface ContextPart {
  name: string;
  tokens: number | null;
  reason?: string | null;
}

export interface ToolProgress {
  progress: number | null;
  total: number | null;
  message: string | null;
}

export interface Envelope {
  topic: string;
  /** Only durable events have one: per topic, dense, never reused. */
  seq?: number | null;
  type: string;
  at?: string;
  session_id?: string | null;
  round_id?: string | null;
  turn_id?: string | null;
  data: unknown;
}

export type SessionEvent = {
  [Type in keyof EventData]: Omit<Envelope, "type" | "data"> & {
    type: Type;
    data: EventData[Type];
  };
}[keyof EventData];

export type SessionEventType = keyof EventData;
