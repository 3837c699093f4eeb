import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TopicSocket } from "./socket";

class FakeWebSocket {
  readyState = 0;
  sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  accept() {
    this.readyState = 1;
    this.onopen?.();
  }
  drop() {
    this.readyState = 3;
    this.onclose?.();
  }
  receive(frame: unknown) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

let made: FakeWebSocket[] = [];
const make = (random = 1) =>
  new TopicSocket({
    url: () => "ws://test",
    random: () => random,
    open: () => {
      const fake = new FakeWebSocket();
      made.push(fake);
      return fake as unknown as WebSocket;
    },
  });
const last = () => made.at(-1) as FakeWebSocket;
const quiet = { onEvents: () => {}, onReset: () => {} };

beforeEach(() => {
  made = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe("TopicSocket", () => {
  it("opens one connection for all topics", () => {
    const socket = make();
    socket.subscribe("session:a", 3, quiet);
    socket.subscribe("system", null, quiet);
    last().accept();
    expect(made).toHaveLength(1);
    expect(last().sent).toEqual([
      { op: "sub", topic: "session:a", after: 3 },
      { op: "sub", topic: "system" },
    ]);
  });

  it("subscribes again from its cursor after a loss", () => {
    const socket = make();
    const onReconnected = vi.fn();
    socket.subscribe("session:a", 3, { ...quiet, onReconnected });
    last().accept();
    last().receive({
      topic: "session:a",
      events: [{ seq: 4 }, { seq: 5 }, { type: "part.delta" }],
    });
    last().drop();
    expect(socket.status).toBe("reconnecting");
    vi.advanceTimersByTime(500);
    last().accept();
    expect(last().sent).toEqual([{ op: "sub", topic: "session:a", after: 5 }]);
    expect(onReconnected).toHaveBeenCalledOnce();
  });

  it("waits twice as long after each failure, up to fifteen seconds", () => {
    const socket = make();
    socket.subscribe("system", null, quiet);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      const before = made.length;
      last().drop();
      let waited = 0;
      while (made.length === before) {
        vi.advanceTimersByTime(100);
        waited += 100;
      }
      waits.push(waited);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  });

  it("spreads reconnections by at most half", () => {
    const socket = make(0);
    socket.subscribe("system", null, quiet);
    last().drop();
    vi.advanceTimersByTime(249);
    expect(made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(made).toHaveLength(2);
  });

  it("reconnects at once when the browser wakes", () => {
    const socket = make();
    socket.subscribe("system", null, quiet);
    last().accept();
    last().drop();
    socket.wake();
    expect(made).toHaveLength(2);
  });

  it("takes a silent connection for dead one interval after a ping", () => {
    const socket = make();
    socket.subscribe("system", null, quiet);
    last().accept();
    vi.advanceTimersByTime(20_000);
    expect(last().sent.at(-1)).toEqual({ op: "ping" });
    last().receive({ op: "pong" });
    vi.advanceTimersByTime(20_000);
    expect(socket.status).toBe("open");
    vi.advanceTimersByTime(20_000);
    expect(socket.status).toBe("reconnecting");
  });

  it("tells of a reset with the new position", () => {
    const socket = make();
    const onReset = vi.fn();
    socket.subscribe("session:a", 900, { ...quiet, onReset });
    last().accept();
    last().receive({ topic: "session:a", reset: true, seq: 12 });
    expect(onReset).toHaveBeenCalledWith(12);
  });

  it("leaves the topic with its last subscriber", () => {
    const socket = make();
    const first = socket.subscribe("system", null, quiet);
    const second = socket.subscribe("system", null, quiet);
    last().accept();
    first();
    expect(last().sent).not.toContainEqual({ op: "unsub", topic: "system" });
    second();
    expect(last().sent).toContainEqual({ op: "unsub", topic: "system" });
  });
});
