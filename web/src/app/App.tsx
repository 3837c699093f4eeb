import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "react-router";
import { Toaster } from "sonner";
import type { ApiProblem } from "@/api/client";
import { queryClient } from "@/api/queries";
import { SignInGate } from "@/features/sign-in/SignInGate";
import { useTheme } from "@/stores/theme";
import { router } from "./routes";

export function App({ signInProblem }: { signInProblem: ApiProblem | null }) {
  const theme = useTheme((state) => state.choice);
  return (
    <QueryClientProvider client={queryClient}>
      <SignInGate problem={signInProblem}>
        <RouterProvider router={router} />
      </SignInGate>
      <Toaster theme={theme} position="top-right" closeButton duration={8000} />
    </QueryClientProvider>
  );
}
