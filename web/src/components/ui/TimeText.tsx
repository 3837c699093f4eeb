import { formatRelativeTime, formatTime } from "@/lib/format";

/** "3 hours ago", with the exact time on hover. */
export function TimeText({ time }: { time: string }) {
  return (
    <time dateTime={time} title={formatTime(time)}>
      {formatRelativeTime(time)}
    </time>
  );
}
