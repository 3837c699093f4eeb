import { useEffect } from "react";

/** The tab's title; a number in front of it tells how many questions wait for a person. */
export function useTabTitle(title: string | null, waiting = 0): void {
  useEffect(() => {
    const mark = waiting > 0 ? `(${waiting}) ` : "";
    document.title = title === null ? `${mark}Mandrake` : `${mark}${title} · Mandrake`;
  }, [title, waiting]);
}
