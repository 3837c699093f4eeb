import { createBrowserRouter } from "react-router";
import { Splash } from "@/components/Splash";
import { RouteErrorPage } from "./RouteErrorPage";
import { Shell } from "./shell/Shell";

/** One lazy chunk per page; the shell comes with the entry. */
export const router = createBrowserRouter([
  {
    element: <Shell />,
    HydrateFallback: Splash,
    ErrorBoundary: RouteErrorPage,
    children: [
      {
        ErrorBoundary: RouteErrorPage,
        children: [
          {
            index: true,
            lazy: async () => ({
              Component: (await import("@/features/workspaces/HomePage")).default,
            }),
          },
          {
            path: "workspaces/:workspace",
            lazy: async () => ({
              Component: (await import("@/features/workspaces/WorkspacePage")).default,
            }),
          },
          {
            path: "workspaces/:workspace/sessions/:session",
            lazy: async () => ({
              Component: (await import("@/features/session/WorkspaceSessionPage")).default,
            }),
          },
          {
            path: "sessions/:session",
            lazy: async () => ({
              Component: (await import("@/features/session/MandrakeSessionPage")).default,
            }),
          },
          {
            path: "*",
            lazy: async () => ({ Component: (await import("./NotFoundPage")).default }),
          },
        ],
      },
    ],
  },
]);
