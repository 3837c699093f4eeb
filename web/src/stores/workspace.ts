// The newest lines each tool server wrote, by scope and server. They are ephemeral: the server's
// own log answers for the past.

import { create } from "zustand";

export interface ServerLogLine {
  stream: string;
  line: string;
  at: string;
}

const keptLines = 200;

interface WorkspaceState {
  logs: Record<string, ServerLogLine[]>;
  addLogLine: (topic: string, server: string, line: ServerLogLine) => void;
}

export const logKey = (topic: string, server: string): string => `${topic}/${server}`;

export const useWorkspaceStore = create<WorkspaceState>()((set) => ({
  logs: {},
  addLogLine: (topic, server, line) =>
    set((state) => {
      const key = logKey(topic, server);
      const lines = [...(state.logs[key] ?? []), line].slice(-keptLines);
      return { logs: { ...state.logs, [key]: lines } };
    }),
}));
