import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { type ApiProblem, asProblem } from "@/api/client";
import { Logo } from "@/components/Logo";
import { Button } from "@/components/ui/Button";
import { Field, inputClass } from "@/components/ui/Field";
import { useTabTitle } from "@/lib/useTabTitle";
import { exchangeCode } from "./exchangeCode";
import { readCode } from "./signInCode";

interface SignInPageProps {
  /** Why the link that led here did not work. */
  problem: ApiProblem | null;
  onSignedIn: () => void;
}

export default function SignInPage({ problem, onSignedIn }: SignInPageProps) {
  const [pasted, setPasted] = useState("");
  const [error, setError] = useState<string | null>(problem ? explain(problem) : null);
  const [pending, setPending] = useState(false);
  useTabTitle("Sign in");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const code = readCode(pasted);
    if (code === null) {
      setError("This holds no sign-in code. Paste the whole link that `mandrake open` printed.");
      return;
    }
    setPending(true);
    try {
      await exchangeCode(code);
      onSignedIn();
    } catch (thrown) {
      setError(explain(asProblem(thrown)));
      setPending(false);
    }
  };
  return (
    <main className="grid min-h-full place-items-center p-4">
      <div className="grid w-full max-w-md gap-5 rounded-2xl border border-line bg-surface p-6 shadow-sm sm:p-8">
        <div className="flex items-center gap-3">
          <Logo size={36} />
          <h1 className="text-xl font-semibold">Sign in to Mandrake</h1>
        </div>
        <div className="grid gap-2 text-sm text-ink-soft">
          <p>Sign-in works with a link that can be used once. In a terminal on the server, run</p>
          <pre className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 font-mono text-ink">
            mandrake open
          </pre>
          <p>and open the link it prints, or paste it here.</p>
        </div>
        <form className="grid gap-3" onSubmit={submit}>
          <Field label="Link or code" error={error}>
            {(attributes) => (
              <input
                {...attributes}
                value={pasted}
                onChange={(event) => setPasted(event.target.value)}
                autoComplete="one-time-code"
                spellCheck={false}
                className={inputClass}
              />
            )}
          </Field>
          <Button variant="primary" type="submit" disabled={pending || pasted.trim() === ""}>
            <KeyRound size={16} aria-hidden /> Sign in
          </Button>
        </form>
      </div>
    </main>
  );
}

function explain(problem: ApiProblem): string {
  if (problem.status === 401) {
    return "This link was used before or is older than 10 minutes. `mandrake open` prints a new one.";
  }
  return `${problem.detail} ${problem.nextStep}`;
}
