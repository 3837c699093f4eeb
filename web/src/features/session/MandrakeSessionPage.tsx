import { useParams } from "react-router";
import { useMandrakeSessionStore } from "@/stores/mandrakeSession";
import { SessionView } from "./SessionView";

/** A session of the installation. */
export default function MandrakeSessionPage() {
  const { session = "" } = useParams();
  return <SessionView scope={null} sessionId={session} useStore={useMandrakeSessionStore} />;
}
