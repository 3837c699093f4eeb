// A scope is the installation or one workspace. Everywhere in the client it is the workspace's id or
// name, or null for the installation, so that one component serves both.

export type Scope = string | null;

export const scopePath = (scope: Scope): string =>
  scope === null ? "" : `/workspaces/${encodeURIComponent(scope)}`;

export const sessionPath = (scope: Scope, sessionId: string): string =>
  `${scopePath(scope)}/sessions/${encodeURIComponent(sessionId)}`;

/** Address of a session's page in this application. */
export const sessionHref = (scope: Scope, sessionId: string): string =>
  scope === null ? `/sessions/${sessionId}` : `/workspaces/${scope}/sessions/${sessionId}`;

export const toolsTopic = (workspaceId: string | null): string =>
  `tools:${workspaceId ?? "installation"}`;
