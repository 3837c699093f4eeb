import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { VirtuosoMockContext } from "react-virtuoso";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Question, Round } from "@/api/types";
import {
  answerFetch,
  makeApproval,
  makeRound,
  makeToolCall,
  makeTurn,
  usage,
} from "@/test/fixtures";
import { reduceAll } from "./reduce";
import { SessionContext } from "./SessionContext";
import { SessionRoundView } from "./SessionRoundView";
import { emptySessionState } from "./state";

let restore: () => void = () => {};
afterEach(() => restore());

function show(round: Round, questions: Record<string, Question> = {}) {
  const context = {
    scope: "demo",
    sessionId: "ses_1",
    questions,
    progress: {},
    onAnswered: vi.fn(),
    onRoundRemoved: vi.fn(),
  };
  const view = render(
    <QueryClientProvider client={new QueryClient()}>
      <VirtuosoMockContext value={{ viewportHeight: 600, itemHeight: 20 }}>
        <SessionContext value={context}>
          <SessionRoundView round={round} />
        </SessionContext>
      </VirtuosoMockContext>
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), context, ...view };
}

const answered = makeRound({
  response: {
    turns: [
      makeTurn({
        parts: [
          { index: 0, kind: "thinking", text: "Hidden thought" },
          { index: 1, kind: "text", text: "First **text**" },
          makeToolCall({ index: 2 }),
          { index: 3, kind: "text", text: "After the tool" },
        ],
      }),
    ],
  },
});

describe("SessionRoundView", () => {
  it("U57: shows one request and one response", () => {
    show(answered);
    expect(screen.getAllByRole("region", { name: "Request" })).toHaveLength(1);
    expect(screen.getByRole("region", { name: "Request" })).toHaveTextContent(
      "What is in the folder?",
    );
    expect(screen.getAllByRole("region", { name: "Response" })).toHaveLength(1);
  });

  it("U58: shows text, thinking and tool calls in stored order", () => {
    show(answered);
    const text = screen.getByRole("region", { name: "Response" }).textContent ?? "";
    const order = ["Thinking", "First text", "files.read", "After the tool"];
    const places = order.map((piece) => text.indexOf(piece));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(screen.queryByText("Hidden thought")).toBeNull();
  });

  it("U58: draws the same from events and from the stored round", () => {
    const turn = answered.response.turns[0];
    const base = {
      topic: "session:ses_1",
      round_id: "rnd_1",
      turn_id: "trn_1",
      session_id: "ses_1",
    };
    const data: [string, unknown][] = [
      ["round.queued", { round: { ...answered, status: "queued", response: { turns: [] } } }],
      ["round.started", {}],
      ["turn.started", { index: 0, model: turn?.model, provider: turn?.provider }],
      ["part.completed", { index: 0, kind: "thinking", text: "Hidden thought" }],
      ["part.completed", { index: 1, kind: "text", text: "First **text**" }],
      ["part.started", { index: 2, kind: "tool_call", tool_call_id: "tc_1" }],
      ["part.completed", { index: 3, kind: "text", text: "After the tool" }],
      ["tool.requested", { ...makeToolCall(), index: 2 }],
      ["tool.started", { tool_call_id: "tc_1" }],
      ["tool.completed", makeToolCall()],
      ["turn.completed", { usage: usage(), cost_usd: null, finish_reason: "stop" }],
      ["round.completed", { usage: usage(), cost_usd: null }],
    ];
    const state = reduceAll(
      emptySessionState,
      data.map(([type, value], index) => ({ ...base, seq: index + 1, type, data: value })),
    );
    const stored = show(answered);
    const html = stored.container.textContent;
    stored.unmount();
    const live = show(state.rounds[0] as Round);
    expect(live.container.textContent).toBe(html);
  });

  it("U17: shows server, method, state and time of a tool call in the flow", () => {
    show(answered);
    const card = screen.getByRole("group", { name: "Tool call files.read" });
    expect(card).toHaveTextContent("files.read");
    expect(card).toHaveTextContent("Done");
    expect(card).toHaveTextContent("42 ms");
    expect(card).toHaveTextContent('path: "notes.txt"');
  });

  it("U59: opens the full arguments and result as formatted JSON and returns the focus", async () => {
    const { user } = show(answered);
    const card = within(screen.getByRole("group", { name: "Tool call files.read" }));
    await user.click(card.getByRole("button"));
    const dialog = await screen.findByRole("dialog", { name: "files.read" });
    const args = within(dialog).getByRole("group", { name: "Arguments as JSON" });
    const result = within(dialog).getByRole("group", { name: "Result as JSON" });
    expect(args.textContent).toBe('{  "path": "notes.txt"}');
    expect(result).toHaveTextContent('"text": "hello"');
    expect(args.querySelector(".text-accent")).toHaveTextContent('"path"');
    expect(args.className).toContain("overflow-auto");
    expect(result.className).toContain("overflow-auto");
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await waitFor(() => expect(card.getByRole("button")).toHaveFocus());
  });

  it("U59: fetches the whole of a large result and draws only the lines in view", async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => ({ row: index }));
    const fetched = answerFetch(() => ({ body: { content: [], structured_content: rows } }));
    restore = fetched.restore;
    const part = makeToolCall({ result: { preview: "[…", blob_id: "blob_7", bytes: 5_000_000 } });
    const { user } = show(makeRound({ response: { turns: [makeTurn({ parts: [part] })] } }));
    await user.click(screen.getByRole("button", { name: /files\.read/ }));
    const result = await screen.findByRole("group", { name: "Result as JSON" });
    expect(fetched.calls.map((call) => call.path)).toEqual(["/workspaces/demo/blobs/blob_7"]);
    expect(result).toHaveTextContent('"structured_content"');
    expect(result.querySelectorAll("span").length).toBeLessThan(2000);
  });

  it("says unknown where usage and cost are unknown, never zero", () => {
    show(
      makeRound({
        usage: usage(null, null),
        cost_usd: null,
        response: { turns: [makeTurn({ parts: [{ index: 0, kind: "text", text: "x" }] })] },
      }),
    );
    expect(screen.getByText("tokens unknown")).toBeInTheDocument();
    expect(screen.getByText("cost unknown")).toBeInTheDocument();
  });

  it("offers Continue for a paused round and Retry for a failed one", async () => {
    const fetched = answerFetch(() => ({ status: 202 }));
    restore = fetched.restore;
    const paused = show(makeRound({ status: "paused", pause_reason: "stale" }));
    await paused.user.click(screen.getByRole("button", { name: "Continue" }));
    paused.unmount();
    const failed = show(
      makeRound({ status: "failed", error: { code: "unavailable.provider", detail: "No answer" } }),
    );
    expect(screen.getByRole("alert")).toHaveTextContent("No answer");
    await failed.user.click(screen.getByRole("button", { name: "Retry" }));
    const path = "/workspaces/demo/sessions/ses_1/rounds/rnd_1/continue";
    expect(fetched.calls.map((call) => call.path)).toEqual([path, path]);
  });

  it("labels a turn that was interrupted and keeps its text", () => {
    const parts = [{ index: 0, kind: "text", text: "Half an answ" }];
    show(makeRound({ response: { turns: [makeTurn({ status: "interrupted", parts })] } }));
    expect(screen.getByText(/Interrupted/)).toBeInTheDocument();
    expect(screen.getByText("Half an answ")).toBeInTheDocument();
  });

  it("shows a queued request and takes it back", async () => {
    const fetched = answerFetch(() => ({ status: 204 }));
    restore = fetched.restore;
    const { user, context } = show(makeRound({ status: "queued" }));
    expect(screen.getByText("Queued")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Remove queued message" }));
    expect(fetched.calls[0]).toMatchObject({ method: "DELETE" });
    expect(context.onRoundRemoved).toHaveBeenCalledWith("rnd_1");
  });

  it("puts an approval right below the call it is about", () => {
    const question = makeApproval();
    const part = makeToolCall({ status: "waiting", result: null, duration_ms: null });
    const turn = makeTurn({ status: "completed", parts: [part] });
    show(makeRound({ status: "waiting", response: { turns: [turn] } }), { qst_1: question });
    const card = screen.getByRole("group", { name: "Tool call files.read" });
    expect(card).toHaveTextContent("Waiting for approval");
    expect(card.nextElementSibling).toBe(
      screen.getByRole("region", { name: "Approval for files.write" }),
    );
  });

  it("asks what to do about a call whose outcome is unknown", async () => {
    const question: Question = {
      ...makeApproval(),
      kind: "unknown_outcome",
      subject: { server: "files", tool: "write", arguments: {}, sent_at: null },
    };
    const fetched = answerFetch(() => ({ body: question }));
    restore = fetched.restore;
    const { user } = show(makeRound({ status: "waiting" }), { qst_1: question });
    await user.click(screen.getByRole("button", { name: "Tell the model" }));
    expect(fetched.calls[0]?.body).toEqual({ decision: "report" });
  });
});
