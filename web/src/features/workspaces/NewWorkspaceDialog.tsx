import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { post } from "@/api/client";
import { keys } from "@/api/queries";
import type { SourceKind, Workspace } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field, inputClass } from "@/components/ui/Field";
import { ProblemNotice } from "@/components/ui/Notice";
import { useCommand } from "@/lib/useCommand";

interface NewWorkspace {
  name: string;
  description?: string;
  source: { kind: SourceKind; path?: string; url?: string };
}

const kinds: { kind: SourceKind; label: string; hint: string }[] = [
  { kind: "empty", label: "Empty folder", hint: "Starts with nothing in it." },
  { kind: "link", label: "A folder on the server", hint: "Works on the folder where it is." },
  { kind: "clone", label: "A git repository", hint: "Clones it into the workspace." },
];

export function NewWorkspaceDialog() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus size={17} aria-hidden /> New workspace
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="New workspace"
        description="A project of its own, with its own files, sessions and tools."
      >
        <NewWorkspaceForm onCancel={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function NewWorkspaceForm({ onCancel }: { onCancel: () => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [kind, setKind] = useState<SourceKind>("empty");
  const [place, setPlace] = useState("");
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = useCommand(async (input: NewWorkspace, key) => {
    const workspace = await post<Workspace>("/workspaces", input, key);
    void client.invalidateQueries({ queryKey: keys.workspaces });
    await navigate(`/workspaces/${workspace.name}`);
  });
  const nameProblem = judgeName(name.trim());
  const ready = name.trim() !== "" && !nameProblem && (kind === "empty" || place.trim() !== "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const at = place.trim();
    const source = {
      kind,
      ...(kind === "link" ? { path: at } : {}),
      ...(kind === "clone" ? { url: at } : {}),
    };
    void create.run({
      name: name.trim(),
      source,
      ...(description.trim() ? { description: description.trim() } : {}),
    });
  };
  return (
    <form className="grid gap-4" onSubmit={submit}>
      <Field label="Name" hint="Also the name of its folder." error={nameProblem}>
        {(attributes) => (
          <input
            {...attributes}
            required
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            className={inputClass}
          />
        )}
      </Field>
      <Field label="Description">
        {(attributes) => (
          <input
            {...attributes}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
            className={inputClass}
          />
        )}
      </Field>
      <fieldset className="grid gap-1">
        <legend className="mb-1 text-sm font-medium">Source</legend>
        {kinds.map((item) => (
          <label
            key={item.kind}
            className="flex min-h-11 items-center gap-3 rounded-lg border border-line px-3 py-1.5 text-sm has-checked:border-accent has-checked:bg-accent-tint"
          >
            <input
              type="radio"
              name="source"
              checked={kind === item.kind}
              onChange={() => setKind(item.kind)}
              className="accent-accent"
            />
            <span>
              {item.label}
              <span className="block text-xs text-ink-soft">{item.hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {kind !== "empty" && (
        <Field label={kind === "link" ? "Folder path" : "Clone URL"}>
          {(attributes) => (
            <input
              {...attributes}
              required
              value={place}
              onChange={(event) => setPlace(event.target.value)}
              placeholder={kind === "link" ? "/home/me/project" : "https://example.org/project.git"}
              spellCheck={false}
              className={`${inputClass} font-mono`}
            />
          )}
        </Field>
      )}
      {create.problem && <ProblemNotice error={create.problem} />}
      <div className="flex justify-end gap-2">
        <Button variant="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button variant="primary" type="submit" disabled={!ready || create.pending}>
          {create.pending ? "Creating…" : "Create"}
        </Button>
      </div>
    </form>
  );
}

/** The server has the last word; this only catches what can be seen while typing. */
function judgeName(name: string): string | null {
  if (name.startsWith("ws_")) return "A name cannot begin with `ws_`: that marks ids.";
  if (/[/\\]/.test(name)) return "A name cannot contain slashes.";
  return null;
}
