import { useQuery } from "@tanstack/react-query";
import { get } from "@/api/client";
import { scopePath } from "@/api/scope";
import type { FullResult, Part, ResultPreview, ToolResult } from "@/api/types";
import { JsonView } from "@/components/JsonView";
import { Dialog } from "@/components/ui/Dialog";
import { ProblemNotice } from "@/components/ui/Notice";
import { Loading } from "@/components/ui/Placeholder";
import { formatBytes, formatDuration } from "@/lib/format";
import { useSessionContext } from "./SessionContext";

interface ToolCallDialogProps {
  part: Part;
  name: string;
  state: string;
  onClose: () => void;
}

const isPreview = (result: ToolResult): result is ResultPreview => "blob_id" in result;

/** The whole of a tool call: every argument and the full result, both in boxes that scroll. */
export default function ToolCallDialog({ part, name, state, onClose }: ToolCallDialogProps) {
  const duration =
    typeof part.duration_ms === "number" ? ` · ${formatDuration(part.duration_ms)}` : "";
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={name}
      description={`${state}${duration}`}
    >
      <div className="grid grid-cols-1 gap-5">
        <JsonView label="Arguments" value={part.arguments ?? part.text ?? null} />
        {part.result ? (
          <ResultView result={part.result} />
        ) : (
          <p className="text-sm text-ink-soft">There is no result yet.</p>
        )}
      </div>
    </Dialog>
  );
}

function ResultView({ result }: { result: ToolResult }) {
  if (isPreview(result)) return <BlobResultView result={result} />;
  return <JsonView label="Result" value={result} />;
}

function BlobResultView({ result }: { result: ResultPreview }) {
  const { scope } = useSessionContext();
  const blob = useQuery({
    queryKey: ["blob", scope, result.blob_id],
    queryFn: ({ signal }) =>
      get<FullResult>(`${scopePath(scope)}/blobs/${encodeURIComponent(result.blob_id)}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  if (blob.data !== undefined) return <JsonView label="Result" value={blob.data} />;
  return (
    <div className="grid grid-cols-1 gap-2">
      {blob.isPending ? (
        <Loading label={`Loading the full result (${formatBytes(result.bytes)})`} rows={2} />
      ) : (
        <ProblemNotice error={blob.error} onRetry={() => void blob.refetch()} />
      )}
      <JsonView label="Result preview" value={result.preview} />
    </div>
  );
}
