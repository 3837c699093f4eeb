import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { post } from "@/api/client";
import { keys } from "@/api/queries";
import { type Scope, scopePath } from "@/api/scope";
import type { DefinitionReview, ToolServer } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { useCommand } from "@/lib/useCommand";

interface ReviewPanelProps {
  scope: Scope;
  server: ToolServer;
  review: DefinitionReview;
}

/** A definition that nobody in this installation accepted yet, laid out for a person to judge. */
export function ReviewPanel({ scope, server, review }: ReviewPanelProps) {
  const client = useQueryClient();
  const accept = useCommand(async (hash: string, key) => {
    const path = `${scopePath(scope)}/tools/${encodeURIComponent(server.key)}/accept`;
    await post(path, { hash }, key);
    await client.invalidateQueries({ queryKey: keys.tools(scope) });
  });
  return (
    <section
      aria-label={`Review of ${server.key}`}
      className="grid gap-3 rounded-xl border-2 border-warn/60 bg-warn-tint p-4 text-sm"
    >
      <p>
        <strong>This definition waits for you.</strong>{" "}
        {review.reason ?? "It was not written through this installation."} It starts only after you
        accept it.
      </p>
      <dl className="grid gap-2 sm:grid-cols-[7rem_1fr]">
        <Row name="Command">{commandText(review.command)}</Row>
        <Row name="Mounts">{listText(review.mounts)}</Row>
        <Row name="Network">{valueText(review.network)}</Row>
        <Row name="Secrets">{listText(review.secrets)}</Row>
      </dl>
      {accept.problem && (
        <p role="alert" className="text-danger">
          {accept.problem.detail} {accept.problem.nextStep}
        </p>
      )}
      <div>
        <Button
          variant="primary"
          disabled={accept.pending}
          aria-label={`Accept ${server.key}`}
          onClick={() => void accept.run(review.hash)}
        >
          Accept
        </Button>
      </div>
    </section>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{name}</dt>
      <dd className="font-mono text-xs leading-5 break-words whitespace-pre-wrap">{children}</dd>
    </>
  );
}

const commandText = (command: DefinitionReview["command"]): string =>
  Array.isArray(command) ? command.join(" ") : (command ?? "none");

const listText = (values: readonly unknown[] | null | undefined): string =>
  values && values.length > 0 ? values.map(valueText).join("\n") : "none";

function valueText(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "string") return value;
  if (typeof value === "object" && "source" in value && "target" in value) {
    const { source, target, mode } = value as { source: string; target: string; mode?: string };
    return `${source} → ${target}${mode ? ` (${mode})` : ""}`;
  }
  return JSON.stringify(value);
}
