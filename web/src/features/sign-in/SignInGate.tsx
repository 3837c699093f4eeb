import { useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { ApiProblem } from "@/api/client";
import { keys, useMe } from "@/api/queries";
import { Splash } from "@/components/Splash";
import { ProblemNotice } from "@/components/ui/Notice";
import { useMandrakeStore } from "@/stores/mandrake";

const SignInPage = lazy(() => import("./SignInPage"));

interface SignInGateProps {
  /** Why the code in the address was refused, if it was. */
  problem: ApiProblem | null;
  children: ReactNode;
}

/** Shows the application to who is signed in, the sign-in page to everybody else. */
export function SignInGate({ problem, children }: SignInGateProps) {
  const [refused, setRefused] = useState(problem);
  const me = useMe();
  const client = useQueryClient();
  const { signedOut, setSignedOut } = useMandrakeStore();
  const stranger = signedOut || (me.error instanceof ApiProblem && me.error.status === 401);
  if (stranger) {
    return (
      <Suspense fallback={<Splash />}>
        <SignInPage
          problem={refused}
          onSignedIn={() => {
            setRefused(null);
            setSignedOut(false);
            client.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.me[0] });
            void client.resetQueries({ queryKey: keys.me });
          }}
        />
      </Suspense>
    );
  }
  if (me.isPending) return <Splash />;
  if (me.isError) {
    return (
      <main className="mx-auto max-w-xl p-6">
        <ProblemNotice error={me.error} onRetry={() => void me.refetch()} />
      </main>
    );
  }
  return children;
}
