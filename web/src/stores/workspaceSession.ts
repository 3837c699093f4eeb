import { createSessionStore } from "./createSessionStore";

/** Sessions of workspaces. */
export const useWorkspaceSessionStore = createSessionStore();
