// The server's objects as they travel over HTTP: taken from the generated `schema.d.ts` where the page
// reads them as they come, written here where the client keeps more of them or reads them wider;
// `types.check.ts` holds the two together. Every nullable figure means "unknown", never zero.

import type { Retrying } from "./events";
import type { components } from "./schema";

type Schemas = components["schemas"];

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export type Usage = Schemas["Usage"];
export type Me = Schemas["Me"];
export type SystemReport = Schemas["SystemReport"];
export type Workspace = Schemas["WorkspaceView"];
export type SourceKind = Workspace["source"]["kind"];
export type Session = Schemas["Session"];
export type SessionStatus = Session["status"];
export type PartKind = Schemas["Part"]["kind"];
export type ToolCallStatus = NonNullable<Schemas["Part"]["status"]>;

export interface ContentItem {
  type: string;
  text?: string;
  [key: string]: unknown;
}

export interface FullResult {
  content: ContentItem[];
  structured_content?: unknown;
}

/** Stands in for a result above 8 KB; the whole of it is the blob. */
export interface ResultPreview {
  preview: string;
  blob_id: string;
  bytes: number;
}

export type ToolResult = FullResult | ResultPreview;

export interface Part {
  index: number;
  kind: PartKind | (string & {});
  /** For a tool call that is still being written: the raw argument JSON so far. */
  text?: string | null;
  tool_call_id?: string | null;
  server?: string | null;
  tool?: string | null;
  arguments?: unknown;
  status?: ToolCallStatus | null;
  result?: ToolResult | null;
  is_error?: boolean | null;
  duration_ms?: number | null;
  question_id?: string | null;
  /** Kept by the client only: the part is still being written. */
  open?: boolean;
}

export type TurnStatus = Schemas["Turn"]["status"];

export interface Failure {
  code: string;
  detail: string;
}

export interface Turn {
  id: string;
  index: number;
  status: TurnStatus;
  model: string | null;
  provider: string | null;
  usage: Usage | null;
  cost_usd: number | null;
  finish_reason: string | null;
  started_at: string | null;
  finished_at: string | null;
  error?: Failure | null;
  parts: Part[];
  /** Kept by the client only: the newest of the attempts that failed before any text came. */
  retrying?: Retrying;
}

export type RoundStatus = Schemas["Round"]["status"];
export type PauseReason = NonNullable<Schemas["Round"]["pause_reason"]>;

export interface Round {
  id: string;
  status: RoundStatus;
  error?: Failure | null;
  pause_reason?: PauseReason | null;
  parent_round_id: string | null;
  sibling_ids: string[];
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  model: string | null;
  request: { content: ContentItem[] };
  response: { turns: Turn[] };
  usage: Usage | null;
  cost_usd: number | null;
  /** Kept by the client only: tool servers that the next turn waits for. */
  waitingFor?: string[];
}

export interface ApprovalSubject {
  server: string;
  tool: string;
  description?: string | null;
  arguments: unknown;
  input_schema?: Record<string, unknown> | null;
  effects: "read" | "idempotent" | "write";
  network: boolean;
  reason?: string | null;
}

export interface UnknownOutcomeSubject {
  server: string;
  tool: string;
  arguments: unknown;
  sent_at: string | null;
}

export interface Question {
  id: string;
  kind: "approval" | "unknown_outcome" | (string & {});
  status: "open" | "answered" | "cancelled";
  session_id: string;
  round_id: string;
  turn_id: string | null;
  tool_call_id: string | null;
  workspace?: { id: string; name: string } | null;
  asked_at: string;
  answered_at: string | null;
  subject: unknown;
  answer: unknown;
}

export type ApprovalAnswer =
  | {
      decision: "allow";
      remember: "once" | "session" | "always";
      arguments?: Schemas["ApprovalAnswer"]["arguments"];
    }
  | { decision: "deny"; reason?: string };

export type UnknownOutcomeAnswer = Schemas["UnknownOutcomeAnswer"];

export type ToolServer = Schemas["ToolServer"];
export type ServerStatus = ToolServer["status"];
export type DefinitionReview = Schemas["ReviewView"];
export type Model = Schemas["ModelView"];
export type ActiveModel = Schemas["ActiveModel"];
