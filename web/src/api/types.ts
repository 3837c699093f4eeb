// The server's objects as they travel over HTTP. Hand-written from the contract until the generated
// `schema.d.ts` takes over; every nullable figure means "unknown", never zero.

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export interface Usage {
  input_tokens: number | null;
  output_tokens: number | null;
  cache_read_tokens: number | null;
  cache_write_tokens: number | null;
  reasoning_tokens: number | null;
}

export interface Me {
  principal: { id: string; kind: string; name: string };
  organization: { id: string; name: string };
}

export interface SystemReport {
  version: string;
  home: string;
  started_at: string;
  rehearsal_active: boolean;
}

export type SourceKind = "empty" | "clone" | "link";

export interface Workspace {
  id: string;
  name: string;
  description: string;
  created_at: string;
  updated_at: string;
  metadata: Record<string, unknown>;
  source: { kind: SourceKind; path: string; url?: string | null };
  session_count: number;
  last_activity_at: string | null;
  state: "open" | "closed";
  problems: { code: string; detail: string }[];
}

export type SessionStatus = "idle" | "running" | "waiting" | "paused";

export interface Session {
  id: string;
  title: string | null;
  tags: string[];
  pinned: boolean;
  archived: boolean;
  status: SessionStatus;
  head_round_id: string | null;
  created_at: string;
  updated_at: string;
  usage: Usage | null;
  cost_usd: number | null;
  open_question_count: number;
  round_count: number;
}

export type PartKind = "text" | "thinking" | "tool_call" | "user_note";

export type ToolCallStatus =
  | "requested"
  | "waiting"
  | "sent"
  | "done"
  | "failed"
  | "denied"
  | "cancelled"
  | "unknown";

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

export type TurnStatus = "streaming" | "completed" | "interrupted" | "failed";

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
}

export type RoundStatus =
  | "queued"
  | "running"
  | "waiting"
  | "paused"
  | "completed"
  | "stopped"
  | "failed";

export interface Round {
  id: string;
  status: RoundStatus;
  error?: Failure | null;
  pause_reason?: string | null;
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
  workspace: { id: string; name: string } | null;
  asked_at: string;
  answered_at: string | null;
  subject: unknown;
  answer: unknown;
}

export type ApprovalAnswer =
  | { decision: "allow"; remember: "once" | "session" | "always"; arguments?: unknown }
  | { decision: "deny"; reason?: string };

export type UnknownOutcomeAnswer = { decision: "retry" | "report" };

export type ServerStatus =
  | "stopped"
  | "starting"
  | "ready"
  | "degraded"
  | "needs_auth"
  | "needs_review"
  | "failed"
  | "stopping"
  | "disabled";

export interface DefinitionReview {
  hash: string;
  command: string | string[] | null;
  mounts: unknown[];
  network: unknown;
  secrets: string[];
  reason: string | null;
}

export interface ToolServer {
  key: string;
  definition: Record<string, unknown>;
  status: ServerStatus;
  enabled: boolean;
  review: DefinitionReview | null;
  box: { kind: string; isolated: boolean; label: string } | null;
  pid: number | null;
  uptime_seconds: number | null;
  restart_count: number;
  last_error: string | null;
  tool_count: number | null;
  shipped: boolean;
  protocol_version: string | null;
}

export interface Model {
  key: string;
  provider: string;
  model: string;
  enabled: boolean;
  origin: string;
  active: boolean;
}

export interface ActiveModel {
  key: string | null;
  origin: string | null;
  model: Model | null;
}
