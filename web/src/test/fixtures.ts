// Plain values the tests are written with.

import type { Envelope } from "@/api/events";
import type { Part, Question, Round, Session, Turn, Usage } from "@/api/types";

const at = "2026-11-20T10:00:00Z";

export const usage = (input: number | null = 100, output: number | null = 20): Usage => ({
  input_tokens: input,
  output_tokens: output,
  cache_read_tokens: null,
  cache_write_tokens: null,
  reasoning_tokens: null,
});

export const makeSession = (change: Partial<Session> = {}): Session => ({
  id: "ses_1",
  title: "A session",
  tags: [],
  pinned: false,
  archived: false,
  status: "idle",
  head_round_id: null,
  created_at: at,
  updated_at: at,
  usage: usage(null, null),
  cost_usd: null,
  open_question_count: 0,
  overrides: {},
  round_count: 1,
  ...change,
});

export const makeTurn = (change: Partial<Turn> = {}): Turn => ({
  id: "trn_1",
  index: 0,
  status: "completed",
  model: "some-model",
  provider: "some-provider",
  usage: usage(),
  cost_usd: null,
  finish_reason: "stop",
  started_at: at,
  finished_at: at,
  parts: [],
  ...change,
});

export const makeRound = (change: Partial<Round> = {}): Round => ({
  id: "rnd_1",
  status: "completed",
  error: null,
  pause_reason: null,
  parent_round_id: null,
  sibling_ids: [],
  created_at: at,
  started_at: at,
  finished_at: at,
  model: null,
  request: { content: [{ type: "text", text: "What is in the folder?" }] },
  response: { turns: [] },
  usage: usage(),
  cost_usd: null,
  ...change,
});

export const makeToolCall = (change: Partial<Part> = {}): Part => ({
  index: 0,
  kind: "tool_call",
  tool_call_id: "tc_1",
  server: "files",
  tool: "read",
  arguments: { path: "notes.txt" },
  status: "done",
  is_error: false,
  duration_ms: 42,
  result: { content: [{ type: "text", text: "hello" }] },
  ...change,
});

export const makeApproval = (subject: Record<string, unknown> = {}): Question => ({
  id: "qst_1",
  kind: "approval",
  status: "open",
  session_id: "ses_1",
  round_id: "rnd_1",
  turn_id: "trn_1",
  tool_call_id: "tc_1",
  workspace: null,
  asked_at: at,
  answered_at: null,
  answer: null,
  subject: {
    server: "files",
    tool: "write",
    description: "Writes a file",
    arguments: { path: "notes.txt", text: "hi" },
    input_schema: { type: "object", required: ["path"] },
    effects: "write",
    network: false,
    reason: "`write` changes things",
    ...subject,
  },
});

let nextSeq = 0;

/** A durable event; the numbering goes on over the whole file unless `seq` is given. */
export const durable = (type: string, data: unknown, extra: Partial<Envelope> = {}): Envelope => ({
  topic: "session:ses_1",
  seq: ++nextSeq,
  type,
  at,
  session_id: "ses_1",
  round_id: "rnd_1",
  turn_id: "trn_1",
  data,
  ...extra,
});

export const delta = (offset: number, text: string, index = 0, kind = "text"): Envelope => ({
  topic: "session:ses_1",
  type: "part.delta",
  session_id: "ses_1",
  round_id: "rnd_1",
  turn_id: "trn_1",
  data: { turn_id: "trn_1", index, kind, offset, text },
});

export const snapshot = (text: string, index = 0, kind = "text"): Envelope => ({
  topic: "session:ses_1",
  type: "part.snapshot",
  session_id: "ses_1",
  round_id: "rnd_1",
  turn_id: "trn_1",
  data: { turn_id: "trn_1", index, kind, text },
});

export interface Call {
  method: string;
  path: string;
  body: unknown;
  key: string | null;
}

type Answer = (call: Call) => { status?: number; body?: unknown; seq?: number } | undefined;

/** Answers `fetch` by hand and records what was asked. Restored by the caller's `afterEach`. */
export function answerFetch(answer: Answer): { calls: Call[]; restore: () => void } {
  const calls: Call[] = [];
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    const call: Call = {
      method: init.method ?? "GET",
      path: String(input).replace("/api/v1", ""),
      body: init.body ? JSON.parse(String(init.body)) : undefined,
      key: headers.get("Idempotency-Key"),
    };
    calls.push(call);
    const given = answer(call);
    if (given === undefined) throw new TypeError("network down");
    const status = given.status ?? 200;
    return new Response(status === 204 ? null : JSON.stringify(given.body ?? {}), {
      status,
      headers: given.seq === undefined ? {} : { "X-Event-Seq": String(given.seq) },
    });
  };
  return {
    calls,
    restore: () => {
      globalThis.fetch = original;
    },
  };
}
