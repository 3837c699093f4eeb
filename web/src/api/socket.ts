// The one WebSocket of this tab. Lives outside React: pages subscribe to topics, the socket keeps
// each topic's cursor and resumes from it after every loss of the connection. It doesn't know what
// the events mean.

import type { Envelope } from "./events";

export type SocketStatus = "idle" | "connecting" | "open" | "reconnecting";

export interface TopicHandlers {
  onEvents: (events: Envelope[]) => void;
  /** The cursor is no longer served: read the state again, then subscribe with its cursor. */
  onReset: (seq: number) => void;
  /** A topic without a cursor can have missed events: called after each reconnection. */
  onReconnected?: () => void;
}

interface Subscription extends TopicHandlers {
  after: number | null;
}

interface Frame {
  topic?: string;
  events?: Envelope[];
  reset?: boolean;
  seq?: number;
}

export interface SocketOptions {
  url: () => string;
  open?: (url: string) => WebSocket;
  /** 0…1, for the jitter. */
  random?: () => number;
  pingSeconds?: number;
}

const firstDelaySeconds = 0.5;
const longestDelaySeconds = 15;

export class TopicSocket {
  private socket: WebSocket | null = null;
  private readonly subscriptions = new Map<string, Set<Subscription>>();
  private readonly statusListeners = new Set<(status: SocketStatus) => void>();
  private attempts = 0;
  private everOpened = false;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pingTimer: ReturnType<typeof setInterval> | undefined;
  private awaitingAnswer = false;
  status: SocketStatus = "idle";

  constructor(private readonly options: SocketOptions) {}

  /**
   * `after` is the last durable event the caller has seen; null means "from now on".
   * Returns the function that ends the subscription.
   */
  subscribe(topic: string, after: number | null, handlers: TopicHandlers): () => void {
    const subscription: Subscription = { after, ...handlers };
    const existing = this.subscriptions.get(topic);
    if (existing) existing.add(subscription);
    else this.subscriptions.set(topic, new Set([subscription]));
    if (this.isOpen()) this.sendSubscribe(topic);
    else this.connect();
    return () => this.unsubscribe(topic, subscription);
  }

  /** Asks for the topic again from its cursor: fresh snapshots of open parts, and what was missed. */
  resync(topic: string): void {
    if (this.isOpen() && this.subscriptions.has(topic)) this.sendSubscribe(topic);
  }

  onStatus(listener: (status: SocketStatus) => void): () => void {
    this.statusListeners.add(listener);
    listener(this.status);
    return () => this.statusListeners.delete(listener);
  }

  /** Skips the waiting time; called when the machine is online or the tab visible again. */
  wake(): void {
    if (this.subscriptions.size === 0 || this.isOpen() || this.status === "connecting") return;
    this.attempts = 0;
    this.connect();
  }

  close(): void {
    clearTimeout(this.retryTimer);
    clearInterval(this.pingTimer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.setStatus("idle");
  }

  private isOpen(): boolean {
    return this.socket?.readyState === 1;
  }

  private unsubscribe(topic: string, subscription: Subscription): void {
    const all = this.subscriptions.get(topic);
    if (!all?.delete(subscription) || all.size > 0) return;
    this.subscriptions.delete(topic);
    if (this.isOpen()) this.send({ op: "unsub", topic });
  }

  private connect(): void {
    clearTimeout(this.retryTimer);
    if (this.socket !== null && this.socket.readyState <= 1) return;
    this.setStatus(this.everOpened || this.attempts > 0 ? "reconnecting" : "connecting");
    const open = this.options.open ?? ((url: string) => new WebSocket(url));
    const socket = open(this.options.url());
    this.socket = socket;
    socket.onopen = () => this.opened(socket);
    socket.onmessage = (message) => this.received(socket, String(message.data));
    socket.onclose = () => this.lost(socket);
    socket.onerror = () => {};
  }

  private opened(socket: WebSocket): void {
    if (socket !== this.socket) return;
    const again = this.everOpened;
    this.attempts = 0;
    this.everOpened = true;
    this.awaitingAnswer = false;
    this.setStatus("open");
    clearInterval(this.pingTimer);
    this.pingTimer = setInterval(() => this.ping(socket), (this.options.pingSeconds ?? 20) * 1000);
    for (const [topic, all] of this.subscriptions) {
      this.sendSubscribe(topic);
      if (again) for (const subscription of all) subscription.onReconnected?.();
    }
  }

  /** A connection that stays silent for a whole interval after a ping is dead, though still "open". */
  private ping(socket: WebSocket): void {
    if (socket !== this.socket) return;
    if (this.awaitingAnswer) {
      socket.close();
      this.lost(socket);
      return;
    }
    this.awaitingAnswer = true;
    this.send({ op: "ping" });
  }

  private lost(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.socket = null;
    clearInterval(this.pingTimer);
    if (this.subscriptions.size === 0) {
      this.setStatus("idle");
      return;
    }
    const ceiling = Math.min(longestDelaySeconds, firstDelaySeconds * 2 ** this.attempts);
    this.attempts += 1;
    const random = this.options.random ?? Math.random;
    const delaySeconds = ceiling * (0.5 + 0.5 * random());
    this.setStatus("reconnecting");
    this.retryTimer = setTimeout(() => this.connect(), delaySeconds * 1000);
  }

  private received(socket: WebSocket, text: string): void {
    if (socket !== this.socket) return;
    this.awaitingAnswer = false;
    let frame: Frame;
    try {
      frame = JSON.parse(text) as Frame;
    } catch {
      return;
    }
    const all = frame.topic === undefined ? undefined : this.subscriptions.get(frame.topic);
    if (!all) return;
    for (const subscription of [...all]) {
      if (frame.reset) {
        subscription.after = frame.seq ?? subscription.after;
        subscription.onReset(frame.seq ?? 0);
      } else if (frame.events && frame.events.length > 0) {
        for (const event of frame.events) {
          if (typeof event.seq === "number" && event.seq > (subscription.after ?? 0)) {
            subscription.after = event.seq;
          }
        }
        subscription.onEvents(frame.events);
      }
    }
  }

  /** Several subscribers of one topic share a cursor on the wire: the oldest; each drops repeats. */
  private sendSubscribe(topic: string): void {
    let after: number | null = null;
    for (const subscription of this.subscriptions.get(topic) ?? []) {
      if (subscription.after === null) continue;
      after = after === null ? subscription.after : Math.min(after, subscription.after);
    }
    this.send(after === null ? { op: "sub", topic } : { op: "sub", topic, after });
  }

  private send(message: unknown): void {
    this.socket?.send(JSON.stringify(message));
  }

  private setStatus(status: SocketStatus): void {
    if (this.status === status) return;
    this.status = status;
    for (const listener of this.statusListeners) listener(status);
  }
}

export const socket = new TopicSocket({
  url: () => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    return `${scheme}//${location.host}/api/v1/stream`;
  },
});

/** Called once by the application: the browser's own signs that a connection may work again. */
export function watchBrowser(target: TopicSocket): void {
  window.addEventListener("online", () => target.wake());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") target.wake();
  });
}
