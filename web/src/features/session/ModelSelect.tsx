import { useState } from "react";
import { useActiveModel, useModels } from "@/api/queries";
import type { Scope } from "@/api/scope";
import { readChosenModel, writeChosenModel } from "@/stores/drafts";

/** The model of this session's next messages; null follows the active one. */
export function useChosenModel(sessionId: string) {
  const [chosen, setChosen] = useState(() => ({ sessionId, key: readChosenModel(sessionId) }));
  const current =
    chosen.sessionId === sessionId ? chosen : { sessionId, key: readChosenModel(sessionId) };
  if (current !== chosen) setChosen(current);
  const choose = (key: string | null) => {
    writeChosenModel(sessionId, key);
    setChosen({ sessionId, key });
  };
  return [current.key, choose] as const;
}

interface ModelSelectProps {
  scope: Scope;
  chosen: string | null;
  onChoose: (key: string | null) => void;
}

export function ModelSelect({ scope, chosen, onChoose }: ModelSelectProps) {
  const models = useModels(scope);
  const active = useActiveModel(scope);
  const activeKey = active.data?.key ?? null;
  const offered = (models.data ?? []).filter((model) => model.enabled);
  const known = chosen === null || offered.some((model) => model.key === chosen);
  return (
    <select
      aria-label="Model"
      value={chosen ?? ""}
      onChange={(event) => onChoose(event.target.value || null)}
      className="min-h-11 max-w-[60%] min-w-0 truncate rounded-lg bg-transparent px-2 text-sm text-ink-soft hover:bg-sunken sm:min-h-9"
    >
      <option value="">{activeKey ? `${activeKey} (active)` : "No active model"}</option>
      {offered
        .filter((model) => model.key !== activeKey)
        .map((model) => (
          <option key={model.key} value={model.key}>
            {model.key}
          </option>
        ))}
      {!known && <option value={chosen ?? ""}>{chosen} (not offered any more)</option>}
    </select>
  );
}
