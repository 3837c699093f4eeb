import { useEffect, useEffectEvent } from "react";
import type { Envelope } from "./events";
import { socket } from "./socket";

/**
 * Follows a topic from now on while the component is shown. `onMissed` is called when events may
 * have been lost, so that what they would have changed is read again.
 */
export function useTopic(
  topic: string | null,
  onEvent: (event: Envelope) => void,
  onMissed: () => void,
): void {
  const handleEvent = useEffectEvent(onEvent);
  const handleMissed = useEffectEvent(onMissed);
  useEffect(() => {
    if (topic === null) return;
    return socket.subscribe(topic, null, {
      onEvents: (events) => {
        for (const event of events) handleEvent(event);
      },
      onReset: () => handleMissed(),
      onReconnected: () => handleMissed(),
    });
  }, [topic]);
}
