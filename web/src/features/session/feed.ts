// Keeps one session's state true while somebody looks at it: reads the newest rounds, subscribes
// from the cursor that the read reflected, buffers what arrives and publishes once per frame.

import { type ApiProblem, asProblem, get, request } from "@/api/client";
import type { Envelope } from "@/api/events";
import { type Scope, sessionPath } from "@/api/scope";
import type { TopicHandlers } from "@/api/socket";
import type { Page, Question, Round, Session } from "@/api/types";
import { reduceAll } from "./reduce";
import { emptySessionState, type SessionState } from "./state";

export const roundsPerPage = 60;
const hiddenFlushMilliseconds = 250;

export interface SessionSnapshot {
  phase: "loading" | "ready" | "failed";
  problem: ApiProblem | null;
  state: SessionState;
  /** Cursor of the page before the oldest round here; null when the first round is here. */
  olderCursor: string | null;
  loadingOlder: boolean;
  /** How many rounds were put before the ones that were there first. */
  prepended: number;
}

export const loadingSnapshot: SessionSnapshot = {
  phase: "loading",
  problem: null,
  state: emptySessionState,
  olderCursor: null,
  loadingOlder: false,
  prepended: 0,
};

export interface TopicSource {
  subscribe(topic: string, after: number | null, handlers: TopicHandlers): () => void;
  resync(topic: string): void;
}

export class SessionFeed {
  snapshot: SessionSnapshot = loadingSnapshot;
  private buffer: Envelope[] = [];
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private unsubscribe: () => void = () => {};
  private readonly abort = new AbortController();
  private readonly path: string;
  private readonly topic: string;
  private loading = 0;

  constructor(
    scope: Scope,
    sessionId: string,
    private readonly source: TopicSource,
    private readonly publish: (snapshot: SessionSnapshot) => void,
  ) {
    this.path = sessionPath(scope, sessionId);
    this.topic = `session:${sessionId}`;
  }

  /** Reads the session and follows it; called again after a reset and by a Retry button. */
  async load(): Promise<void> {
    const load = ++this.loading;
    this.stopFollowing();
    if (this.snapshot.phase === "failed") this.set({ phase: "loading", problem: null });
    const { signal } = this.abort;
    try {
      // Rounds first: what is read after them may be newer, and replaying onto newer is harmless.
      const rounds = await request<Page<Round>>(
        "GET",
        `${this.path}/rounds?limit=${roundsPerPage}`,
        {
          signal,
        },
      );
      const [session, questions] = await Promise.all([
        get<Session>(this.path, signal),
        get<Page<Question>>(`${this.path}/questions`, signal),
      ]);
      if (load !== this.loading || signal.aborted) return;
      const lastSeq = rounds.eventSeq ?? 0;
      this.set({
        phase: "ready",
        problem: null,
        olderCursor: rounds.body.next_cursor,
        prepended: 0,
        state: {
          ...emptySessionState,
          session,
          rounds: rounds.body.items.toReversed(),
          questions: Object.fromEntries(questions.items.map((item) => [item.id, item])),
          lastSeq,
        },
      });
      this.unsubscribe = this.source.subscribe(this.topic, lastSeq, {
        onEvents: (events) => this.receive(events),
        onReset: () => void this.load(),
      });
    } catch (error) {
      if (load !== this.loading || signal.aborted) return;
      this.set({ phase: "failed", problem: asProblem(error) });
    }
  }

  async loadOlder(): Promise<void> {
    const { olderCursor, loadingOlder, phase } = this.snapshot;
    if (olderCursor === null || loadingOlder || phase !== "ready") return;
    this.set({ loadingOlder: true });
    const load = this.loading;
    const query = `limit=${roundsPerPage}&cursor=${encodeURIComponent(olderCursor)}`;
    try {
      const page = await get<Page<Round>>(`${this.path}/rounds?${query}`, this.abort.signal);
      if (load !== this.loading || this.abort.signal.aborted) return;
      const { state, prepended } = this.snapshot;
      const known = new Set(state.rounds.map((round) => round.id));
      const older = page.items.toReversed().filter((round) => !known.has(round.id));
      this.set({
        loadingOlder: false,
        olderCursor: page.next_cursor,
        prepended: prepended + older.length,
        state: { ...state, rounds: [...older, ...state.rounds] },
      });
    } catch (error) {
      if (this.abort.signal.aborted) return;
      this.set({ loadingOlder: false });
      throw asProblem(error);
    }
  }

  /** A change this tab made itself and the server confirmed, ahead of its event. */
  change(update: (state: SessionState) => SessionState): void {
    this.set({ state: update(this.snapshot.state) });
  }

  close(): void {
    this.loading += 1;
    this.abort.abort();
    this.stopFollowing();
  }

  private receive(events: Envelope[]): void {
    for (const event of events) this.buffer.push(event);
    if (this.frame !== 0 || this.timer !== undefined) return;
    // Animation frames stop in a hidden tab, so a timer stands behind them.
    this.timer = setTimeout(() => this.flush(), hiddenFlushMilliseconds);
    if (document.visibilityState === "visible") {
      this.frame = requestAnimationFrame(() => this.flush());
    }
  }

  private flush(): void {
    this.cancelFlush();
    const events = this.buffer;
    this.buffer = [];
    const state = reduceAll(this.snapshot.state, events);
    if (state.gap && !this.snapshot.state.gap) this.source.resync(this.topic);
    if (state !== this.snapshot.state) this.set({ state });
  }

  private cancelFlush(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.frame = 0;
    this.timer = undefined;
  }

  private stopFollowing(): void {
    this.unsubscribe();
    this.unsubscribe = () => {};
    this.cancelFlush();
    this.buffer = [];
  }

  private set(change: Partial<SessionSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    this.publish(this.snapshot);
  }
}
