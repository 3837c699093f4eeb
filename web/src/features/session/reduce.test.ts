import { describe, expect, it } from "vitest";
import type { Envelope } from "@/api/events";
import {
  delta,
  durable,
  makeApproval,
  makeRound,
  makeSession,
  snapshot,
  usage,
} from "@/test/fixtures";
import { reduce, reduceAll } from "./reduce";
import { emptySessionState, type SessionState } from "./state";

const start: SessionState = { ...emptySessionState, session: makeSession() };
const queued = () =>
  durable("round.queued", {
    round: makeRound({ status: "queued", usage: null, response: { turns: [] } }),
  });
const running = () => [
  queued(),
  durable("round.started", {}),
  durable("turn.started", { index: 0, model: "m", provider: "p" }),
];
const parts = (state: SessionState) => state.rounds[0]?.response.turns[0]?.parts ?? [];

/** A whole answer: thinking, text, a tool call that is approved, text again. */
function wholeAnswer(): Envelope[] {
  const question = makeApproval();
  return [
    ...running(),
    durable("part.started", { index: 0, kind: "thinking" }),
    delta(0, "Let me ", 0, "thinking"),
    delta(7, "see", 0, "thinking"),
    durable("part.completed", { index: 0, kind: "thinking", text: "Let me see" }),
    durable("part.started", { index: 1, kind: "text" }),
    delta(0, "I will ", 1),
    delta(7, "write.", 1),
    durable("part.completed", { index: 1, kind: "text", text: "I will write." }),
    durable("part.started", { index: 2, kind: "tool_call", tool_call_id: "tc_1" }),
    delta(0, '{"path":', 2, "tool_call"),
    durable("part.completed", { index: 2, kind: "tool_call" }),
    durable("tool.requested", {
      tool_call_id: "tc_1",
      index: 2,
      server: "files",
      tool: "write",
      arguments: { path: "a" },
    }),
    durable("turn.completed", { usage: usage(), cost_usd: null, finish_reason: "tool_use" }),
    durable("question.asked", { question }),
    durable("round.waiting", { question_ids: [question.id] }),
    durable("question.resolved", {
      question_id: question.id,
      status: "answered",
      answer: { decision: "allow", remember: "once" },
    }),
    durable("tool.started", { tool_call_id: "tc_1" }),
    durable("tool.completed", {
      tool_call_id: "tc_1",
      status: "done",
      is_error: false,
      duration_ms: 12,
      result: { content: [{ type: "text", text: "ok" }] },
    }),
    durable("turn.started", { index: 1, model: "m", provider: "p" }, { turn_id: "trn_2" }),
    durable("part.started", { index: 0, kind: "text" }, { turn_id: "trn_2" }),
    durable("part.completed", { index: 0, kind: "text", text: "Done." }, { turn_id: "trn_2" }),
    durable(
      "turn.completed",
      { usage: usage(), cost_usd: null, finish_reason: "stop" },
      { turn_id: "trn_2" },
    ),
    durable("round.completed", { usage: usage(200, 40), cost_usd: null }),
  ];
}

const withoutTransient = (state: SessionState): unknown =>
  JSON.parse(JSON.stringify(state, (key, value) => (key === "open" ? undefined : value)));

describe("reduce", () => {
  it("U58: keeps turns and parts in stored order while they stream", () => {
    const state = reduceAll(start, wholeAnswer());
    const turns = state.rounds[0]?.response.turns ?? [];
    expect(turns.map((turn) => turn.parts.map((part) => part.kind))).toEqual([
      ["thinking", "text", "tool_call"],
      ["text"],
    ]);
    expect(turns[0]?.parts[1]?.text).toBe("I will write.");
    expect(turns[0]?.parts[2]).toMatchObject({ status: "done", duration_ms: 12, server: "files" });
    expect(state.rounds[0]?.status).toBe("completed");
    expect(state.questions.qst_1?.status).toBe("answered");
  });

  it("U58: replaying only the durable events ends in the same state as watching live", () => {
    const events = wholeAnswer();
    const live = reduceAll(start, events);
    const replayed = reduceAll(
      start,
      events.filter((event) => event.seq !== undefined),
    );
    const settled = (state: SessionState) => {
      const copy = withoutTransient(state) as SessionState;
      // The raw argument text is only ever shown until the arguments themselves are there.
      const call = copy.rounds[0]?.response.turns[0]?.parts[2];
      if (call) call.text = "";
      return copy;
    };
    expect(settled(replayed)).toEqual(settled(live));
  });

  it("ignores durable events it has seen", () => {
    const events = wholeAnswer();
    const once = reduceAll(start, events);
    expect(
      reduceAll(
        once,
        events.filter((event) => event.seq !== undefined),
      ),
    ).toBe(once);
  });

  it("resumes from any point after a reconnection without losing or doubling text", () => {
    const events = wholeAnswer();
    const whole = withoutTransient(reduceAll(start, events));
    for (let cut = 0; cut < events.length; cut += 1) {
      const before = reduceAll(start, events.slice(0, cut));
      const again = events.filter((event) => (event.seq ?? 0) > before.lastSeq - 3);
      const after = withoutTransient(reduceAll(before, again)) as SessionState;
      expect(after.rounds[0]?.response.turns.map((turn) => turn.parts.length)).toEqual(
        (whole as SessionState).rounds[0]?.response.turns.map((turn) => turn.parts.length),
      );
      expect(after.rounds[0]?.response.turns[0]?.parts[1]?.text).toBe("I will write.");
      expect(after.lastSeq).toBe((whole as SessionState).lastSeq);
    }
  });

  it("drops what it has of an overlapping delta", () => {
    const state = reduceAll(start, [
      ...running(),
      durable("part.started", { index: 0, kind: "text" }),
      delta(0, "Hello"),
      delta(3, "lo wor"),
      delta(2, "llo"),
      delta(9, "ld"),
    ]);
    expect(parts(state)[0]?.text).toBe("Hello world");
  });

  it("counts offsets in UTF-16 code units, also through a surrogate pair", () => {
    const text = "a🌱b";
    expect(text.length).toBe(4);
    const state = reduceAll(start, [
      ...running(),
      durable("part.started", { index: 0, kind: "text" }),
      delta(0, text.slice(0, 2)),
      delta(2, text.slice(2)),
      delta(1, "🌱b c"),
    ]);
    expect(parts(state)[0]?.text).toBe("a🌱b c");
  });

  it("makes the part when a delta comes before its part.started", () => {
    const state = reduceAll(start, [
      ...running(),
      delta(0, "early", 1),
      durable("part.started", { index: 0, kind: "thinking" }),
      durable("part.started", { index: 1, kind: "text" }),
      delta(5, " bird", 1),
    ]);
    expect(parts(state).map((part) => [part.index, part.kind, part.text])).toEqual([
      [0, "thinking", ""],
      [1, "text", "early bird"],
    ]);
  });

  it("makes the turn when a delta comes before its turn.started", () => {
    const state = reduceAll(start, [
      queued(),
      durable("round.started", {}),
      delta(0, "x"),
      durable("turn.started", { index: 0, model: "m", provider: "p" }),
    ]);
    expect(state.rounds[0]?.response.turns).toHaveLength(1);
    expect(state.rounds[0]?.response.turns[0]).toMatchObject({ model: "m", index: 0 });
    expect(parts(state)[0]?.text).toBe("x");
  });

  it("marks a gap, keeps what is there, and a snapshot closes it", () => {
    const broken = reduceAll(start, [
      ...running(),
      durable("part.started", { index: 0, kind: "text" }),
      delta(0, "one"),
      delta(10, "four"),
    ]);
    expect(broken.gap).toBe(true);
    expect(parts(broken)[0]?.text).toBe("one");
    const mended = reduceAll(broken, [snapshot("one two three"), delta(13, " four")]);
    expect(mended.gap).toBe(false);
    expect(parts(mended)[0]?.text).toBe("one two three four");
  });

  it("lets part.completed correct the text and ignores deltas after it", () => {
    const state = reduceAll(start, [
      ...running(),
      delta(0, "helo"),
      durable("part.completed", { index: 0, kind: "text", text: "hello" }),
      delta(5, "!!!"),
    ]);
    expect(parts(state)[0]).toMatchObject({ text: "hello", open: false });
  });

  it("never replaces a round it knows by an older queued one", () => {
    const round = makeRound({ status: "running" });
    const loaded = { ...start, rounds: [round] };
    expect(reduce(loaded, queued()).rounds[0]).toBe(round);
  });

  it("goes on running when the last open question of a waiting round is answered", () => {
    const first = makeApproval();
    const second = { ...makeApproval(), id: "qst_2", tool_call_id: "tc_2" };
    const resolve = (id: string) =>
      durable("question.resolved", { question_id: id, status: "answered", answer: {} });
    let state = reduceAll(start, [
      ...running(),
      durable("question.asked", { question: first }),
      durable("question.asked", { question: second }),
      durable("round.waiting", { question_ids: ["qst_1", "qst_2"] }),
      resolve("qst_1"),
    ]);
    expect(state.rounds[0]?.status).toBe("waiting");
    state = reduce(state, resolve("qst_2"));
    expect(state.rounds[0]?.status).toBe("running");
  });

  it("keeps unknown figures unknown and closes every part when a round ends", () => {
    const state = reduceAll(start, [
      ...running(),
      delta(0, "partial"),
      durable("turn.interrupted", {}),
      durable("round.stopped", {}),
    ]);
    expect(state.rounds[0]).toMatchObject({ status: "stopped", usage: null, cost_usd: null });
    expect(state.rounds[0]?.response.turns[0]?.status).toBe("interrupted");
    expect(parts(state)[0]?.open).toBe(false);
  });

  it("takes a queued round away when it was removed elsewhere", () => {
    const state = reduceAll(start, [queued(), durable("round.removed", {})]);
    expect(state.rounds).toEqual([]);
  });

  it("shows the arguments that were sent, also when a person changed the model's", () => {
    const changed = wholeAnswer().map((event) =>
      event.type === "tool.started"
        ? { ...event, data: { tool_call_id: "tc_1", arguments: { path: "b" } } }
        : event,
    );
    expect(parts(reduceAll(start, changed))[2]?.arguments).toEqual({ path: "b" });
  });

  it("remembers that a model call is tried again", () => {
    const retrying = { attempt: 2, max_attempts: 3, wait_seconds: 1, detail: "busy" };
    const state = reduceAll(start, [...running(), durable("turn.retrying", retrying)]);
    expect(state.rounds[0]?.response.turns[0]?.retrying).toEqual(retrying);
  });

  it("says which tool servers the round waits for", () => {
    const event = {
      ...durable("servers.waiting", { servers: [{ server: "git", detail: "installing" }] }),
      seq: undefined,
    };
    const state = reduceAll(start, [...running(), event]);
    expect(state.rounds[0]?.waitingFor).toEqual(["git"]);
  });

  it("advances over unknown types and leaves the rest untouched", () => {
    const event = durable("something.new", { a: 1 });
    const state = reduce(start, event);
    expect(state).toEqual({ ...start, lastSeq: event.seq });
  });

  it("changes only the round an event is about", () => {
    const other = makeRound({ id: "rnd_0" });
    const state = { ...start, rounds: [other, makeRound({ status: "running" })] };
    expect(reduce(state, delta(0, "x")).rounds[0]).toBe(other);
  });
});
