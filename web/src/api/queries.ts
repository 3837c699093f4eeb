// Server state that pages read, as TanStack Query hooks. Live sessions are not here: their stores
// own them.

import { QueryClient, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ApiProblem, get } from "./client";
import { type Scope, scopePath } from "./scope";
import type {
  ActiveModel,
  Me,
  Model,
  Page,
  Session,
  SystemReport,
  ToolServer,
  Workspace,
} from "./types";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => {
        const status = error instanceof ApiProblem ? error.status : 0;
        return count < 2 && (status === 0 || status >= 500);
      },
    },
  },
});

export const keys = {
  me: ["me"] as const,
  system: ["system"] as const,
  workspaces: ["workspaces"] as const,
  workspace: (workspace: string) => ["workspaces", workspace] as const,
  sessions: (scope: Scope) => ["sessions", scope] as const,
  tools: (scope: Scope) => ["tools", scope] as const,
  models: (scope: Scope) => ["models", scope] as const,
  activeModel: (scope: Scope) => ["models", scope, "active"] as const,
};

export const useMe = () =>
  useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => get<Me>("/me", signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useSystem = () =>
  useQuery({
    queryKey: keys.system,
    queryFn: ({ signal }) => get<SystemReport>("/system", signal),
  });

const workspacesPerPage = 100;

export const useWorkspaces = () =>
  useInfiniteQuery({
    queryKey: keys.workspaces,
    queryFn: ({ signal, pageParam }) =>
      get<Page<Workspace>>(`/workspaces?limit=${workspacesPerPage}${cursor(pageParam)}`, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    select: (data) => data.pages.flatMap((page) => page.items),
  });

export const useWorkspace = (workspace: string) =>
  useQuery({
    queryKey: keys.workspace(workspace),
    queryFn: ({ signal }) => get<Workspace>(scopePath(workspace), signal),
  });

const sessionsPerPage = 30;

export const useSessions = (scope: Scope) =>
  useInfiniteQuery({
    queryKey: keys.sessions(scope),
    queryFn: ({ signal, pageParam }) =>
      get<Page<Session>>(
        `${scopePath(scope)}/sessions?sort=-updated_at&limit=${sessionsPerPage}${cursor(pageParam)}`,
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    select: (data) => data.pages.flatMap((page) => page.items),
  });

export const useTools = (scope: Scope) =>
  useQuery({
    queryKey: keys.tools(scope),
    queryFn: ({ signal }) => get<Page<ToolServer>>(`${scopePath(scope)}/tools`, signal),
    select: (page) => page.items,
  });

export const useModels = (scope: Scope) =>
  useQuery({
    queryKey: keys.models(scope),
    queryFn: ({ signal }) => get<Page<Model>>(`${scopePath(scope)}/models?limit=200`, signal),
    select: (page) => page.items,
  });

export const useActiveModel = (scope: Scope) =>
  useQuery({
    queryKey: keys.activeModel(scope),
    queryFn: ({ signal }) => get<ActiveModel>(`${scopePath(scope)}/models/active`, signal),
  });

const cursor = (value: string): string =>
  value === "" ? "" : `&cursor=${encodeURIComponent(value)}`;
