import { afterEach, describe, expect, it, vi } from "vitest";
import type { TopicHandlers } from "@/api/socket";
import { answerFetch, delta, durable, makeRound, makeSession } from "@/test/fixtures";
import { SessionFeed, type SessionSnapshot, type TopicSource } from "./feed";

let restore: () => void = () => {};
afterEach(() => restore());

class FakeSource implements TopicSource {
  subscriptions: { topic: string; after: number | null; handlers: TopicHandlers }[] = [];
  ended = 0;
  resyncs = 0;
  subscribe(topic: string, after: number | null, handlers: TopicHandlers) {
    this.subscriptions.push({ topic, after, handlers });
    return () => {
      this.ended += 1;
    };
  }
  resync() {
    this.resyncs += 1;
  }
}

function open(pages: { rounds: ReturnType<typeof makeRound>[]; seq: number; next?: string }[]) {
  let page = 0;
  const fetched = answerFetch((call) => {
    if (call.path.includes("/questions")) return { body: { items: [], next_cursor: null } };
    if (!call.path.includes("/rounds")) return { body: makeSession() };
    const given = pages[Math.min(page++, pages.length - 1)];
    return {
      body: { items: given?.rounds ?? [], next_cursor: given?.next ?? null },
      seq: given?.seq,
    };
  });
  restore = fetched.restore;
  const source = new FakeSource();
  const published: SessionSnapshot[] = [];
  const feed = new SessionFeed("demo", "ses_1", source, (snapshot) => published.push(snapshot));
  return { feed, source, published, calls: fetched.calls };
}

describe("SessionFeed", () => {
  it("subscribes from the position that the rounds were read at", async () => {
    const { feed, source, calls } = open([{ rounds: [makeRound()], seq: 41 }]);
    await feed.load();
    expect(source.subscriptions).toMatchObject([{ topic: "session:ses_1", after: 41 }]);
    expect(calls[0]?.path).toBe("/workspaces/demo/sessions/ses_1/rounds?limit=60");
    expect(feed.snapshot.phase).toBe("ready");
    expect(feed.snapshot.state.lastSeq).toBe(41);
  });

  it("publishes once for many deltas of one frame", async () => {
    const { feed, source, published } = open([
      { rounds: [makeRound({ status: "running" })], seq: 1 },
    ]);
    await feed.load();
    const before = published.length;
    const handlers = source.subscriptions[0]?.handlers;
    for (let index = 0; index < 200; index += 1) handlers?.onEvents([delta(index, "x")]);
    expect(published.length).toBe(before);
    await vi.waitFor(() => expect(published.length).toBe(before + 1));
    const text = feed.snapshot.state.rounds[0]?.response.turns[0]?.parts[0]?.text;
    expect(text).toBe("x".repeat(200));
  });

  it("reads the rounds again after a reset and follows from their position", async () => {
    const { feed, source } = open([
      { rounds: [makeRound()], seq: 5 },
      { rounds: [makeRound({ id: "rnd_2" }), makeRound()], seq: 90 },
    ]);
    await feed.load();
    source.subscriptions[0]?.handlers.onReset(90);
    await vi.waitFor(() => expect(source.subscriptions).toHaveLength(2));
    expect(source.ended).toBe(1);
    expect(source.subscriptions[1]?.after).toBe(90);
    expect(feed.snapshot.state.rounds.map((round) => round.id)).toEqual(["rnd_1", "rnd_2"]);
  });

  it("puts older rounds before the others and counts them", async () => {
    const { feed } = open([
      { rounds: [makeRound({ id: "rnd_3" })], seq: 5, next: "c" },
      { rounds: [makeRound({ id: "rnd_3" }), makeRound({ id: "rnd_2" })], seq: 5 },
    ]);
    await feed.load();
    await feed.loadOlder();
    expect(feed.snapshot.state.rounds.map((round) => round.id)).toEqual(["rnd_2", "rnd_3"]);
    expect(feed.snapshot).toMatchObject({ prepended: 1, olderCursor: null });
  });

  it("asks for the open parts again when text is missing", async () => {
    const { feed, source } = open([{ rounds: [makeRound({ status: "running" })], seq: 1 }]);
    await feed.load();
    source.subscriptions[0]?.handlers.onEvents([delta(50, "late")]);
    await vi.waitFor(() => expect(source.resyncs).toBe(1));
  });

  it("says what failed and can be asked again", async () => {
    restore = answerFetch(() => undefined).restore;
    const feed = new SessionFeed(null, "ses_1", new FakeSource(), () => {});
    await feed.load();
    expect(feed.snapshot).toMatchObject({
      phase: "failed",
      problem: { code: "unavailable.network" },
    });
  });

  it("stops following when it is closed, whatever still arrives", async () => {
    const { feed, source, published } = open([{ rounds: [makeRound()], seq: 1 }]);
    await feed.load();
    feed.close();
    const before = published.length;
    source.subscriptions[0]?.handlers.onEvents([durable("round.started", {})]);
    expect(source.ended).toBe(1);
    expect(published.length).toBe(before);
  });
});
