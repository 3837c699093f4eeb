import { useRouteError } from "react-router";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";

/** A page that could not be loaded or drawn. After an upgrade its old file is gone: reload helps. */
export function RouteErrorPage() {
  const error = useRouteError();
  const detail = error instanceof Error ? error.message : String(error);
  return (
    <div className="mx-auto max-w-2xl p-6">
      <Notice
        tone="danger"
        role="alert"
        title="This page broke"
        actions={<Button onClick={() => location.reload()}>Reload</Button>}
      >
        <p>{detail}</p>
        <p>Reload it. Drafts are kept, and what runs on the server goes on.</p>
      </Notice>
    </div>
  );
}
