import { Link } from "react-router";
import { buttonClass } from "@/components/ui/Button";
import { Empty } from "@/components/ui/Placeholder";
import { useTabTitle } from "@/lib/useTabTitle";

export default function NotFoundPage() {
  useTabTitle("Not found");
  return (
    <div className="mx-auto max-w-2xl p-6">
      <h1 className="sr-only">Not found</h1>
      <Empty
        title="There is no page here"
        action={
          <Link to="/" className={buttonClass("primary")}>
            Go to the workspaces
          </Link>
        }
      >
        The address may be mistyped, or what it named was deleted.
      </Empty>
    </div>
  );
}
