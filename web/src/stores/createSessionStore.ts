// Both session stores are made here: the sessions that are open on a page, each kept true by its
// own feed, however many components look at it.

import { create, type StoreApi, type UseBoundStore } from "zustand";
import type { Scope } from "@/api/scope";
import { socket } from "@/api/socket";
import { loadingSnapshot, SessionFeed, type SessionSnapshot } from "@/features/session/feed";
import type { SessionState } from "@/features/session/state";

export interface SessionStoreState {
  sessions: Record<string, SessionSnapshot>;
  /** Follows the session until the returned function is called. */
  open: (scope: Scope, sessionId: string) => () => void;
  reload: (sessionId: string) => void;
  loadOlder: (sessionId: string) => Promise<void>;
  change: (sessionId: string, update: (state: SessionState) => SessionState) => void;
}

export type SessionStore = UseBoundStore<StoreApi<SessionStoreState>>;

export function createSessionStore(): SessionStore {
  const feeds = new Map<string, { feed: SessionFeed; watchers: number }>();
  return create<SessionStoreState>()((set) => ({
    sessions: {},
    open(scope, sessionId) {
      let entry = feeds.get(sessionId);
      if (!entry) {
        const feed = new SessionFeed(scope, sessionId, socket, (snapshot) =>
          set((store) => ({ sessions: { ...store.sessions, [sessionId]: snapshot } })),
        );
        entry = { feed, watchers: 0 };
        feeds.set(sessionId, entry);
        set((store) => ({ sessions: { ...store.sessions, [sessionId]: loadingSnapshot } }));
        void feed.load();
      }
      entry.watchers += 1;
      const opened = entry;
      return () => {
        opened.watchers -= 1;
        if (opened.watchers > 0) return;
        opened.feed.close();
        feeds.delete(sessionId);
        set((store) => {
          const { [sessionId]: _closed, ...sessions } = store.sessions;
          return { sessions };
        });
      };
    },
    reload: (sessionId) => void feeds.get(sessionId)?.feed.load(),
    loadOlder: async (sessionId) => feeds.get(sessionId)?.feed.loadOlder(),
    change: (sessionId, update) => feeds.get(sessionId)?.feed.change(update),
  }));
}
