import { useQueryClient } from "@tanstack/react-query";
import { MessageSquarePlus } from "lucide-react";
import { useNavigate } from "react-router";
import { post } from "@/api/client";
import { keys } from "@/api/queries";
import { type Scope, scopePath, sessionHref } from "@/api/scope";
import type { Session } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { useCommand } from "@/lib/useCommand";

export function NewSessionButton({ scope }: { scope: Scope }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = useCommand(async (_: null, key) => {
    const session = await post<Session>(`${scopePath(scope)}/sessions`, {}, key);
    void client.invalidateQueries({ queryKey: keys.sessions(scope) });
    await navigate(sessionHref(scope, session.id));
  });
  return (
    <Button variant="primary" disabled={create.pending} onClick={() => void create.run(null)}>
      <MessageSquarePlus size={17} aria-hidden /> New session
    </Button>
  );
}
