import { useParams } from "react-router";
import { useWorkspaceSessionStore } from "@/stores/workspaceSession";
import { SessionView } from "./SessionView";

/** A session of a workspace. */
export default function WorkspaceSessionPage() {
  const { workspace = "", session = "" } = useParams();
  return <SessionView scope={workspace} sessionId={session} useStore={useWorkspaceSessionStore} />;
}
