import { useEffect, useState } from "react";
import { useMandrakeStore } from "@/stores/mandrake";

const patienceMilliseconds = 2000;

/** Says so when live updates have been away for two seconds; short losses are not worth a word. */
export function ConnectionPill() {
  const lost = useMandrakeStore(({ connection }) => connection === "reconnecting");
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!lost) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), patienceMilliseconds);
    return () => clearTimeout(timer);
  }, [lost]);
  return (
    <p role="status" className="text-xs">
      {shown && (
        <span className="rounded-full bg-warn-tint px-3 py-1.5 font-medium text-warn">
          Reconnecting…
        </span>
      )}
    </p>
  );
}
