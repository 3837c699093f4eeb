import { Drama } from "lucide-react";
import { useMatch } from "react-router";
import { useActiveModel, useSystem } from "@/api/queries";

/** Always there while the active model is scripted: nobody should take it for an AI. */
export function RehearsalBanner() {
  // A workspace may have a model of its own while the installation still rehearses.
  const workspace = useMatch("/workspaces/:workspace/*")?.params.workspace ?? null;
  const installation = useSystem().data?.rehearsal_active ?? false;
  const own = useActiveModel(workspace).data?.model?.provider;
  const rehearsal = own === undefined ? installation : own === "rehearsal";
  if (!rehearsal) return null;
  return (
    <aside
      aria-label="Rehearsal"
      className="flex shrink-0 items-center gap-2 border-b border-line bg-warn-tint px-4 py-1.5 text-sm"
    >
      <Drama size={16} aria-hidden className="shrink-0 text-warn" />
      <p>
        <strong className="text-warn">Rehearsal:</strong> a scripted stand-in, not an AI. For a
        model, run <code className="font-mono text-xs">mandrake provider add</code>.
      </p>
    </aside>
  );
}
