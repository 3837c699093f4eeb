import { useCallback, useEffect, useRef, useState } from "react";

const nearBottomPixels = 48;
const intentMilliseconds = 600;
const upwardKeys = new Set(["ArrowUp", "PageUp", "Home"]);

/**
 * Whether the view follows its end. It lets go only when a person scrolls up: content that grows
 * or is measured again moves the view too and must not count. Reaching the end takes hold again.
 */
export function useSticking(scroller: HTMLElement | null) {
  const [sticking, setSticking] = useState(true);
  const intentAt = useRef(Number.NEGATIVE_INFINITY);
  const dragging = useRef(false);
  const everScrolled = useRef(false);

  useEffect(() => {
    if (!scroller) return;
    let lastTop = scroller.scrollTop;
    const intend = () => {
      intentAt.current = performance.now();
      everScrolled.current = true;
    };
    const onWheel = (event: WheelEvent) => event.deltaY < 0 && intend();
    const onKey = (event: KeyboardEvent) => upwardKeys.has(event.key) && intend();
    const onDown = (event: PointerEvent) => {
      // The scroll bar is part of the scroller itself, not of its content.
      dragging.current = event.target === scroller;
    };
    const onUp = () => {
      dragging.current = false;
    };
    const onScroll = () => {
      const { scrollTop, scrollHeight, clientHeight } = scroller;
      const upward = scrollTop < lastTop - 1;
      lastTop = scrollTop;
      const distance = scrollHeight - clientHeight - scrollTop;
      if (dragging.current) intend();
      const byPerson = performance.now() - intentAt.current < intentMilliseconds;
      if (upward && byPerson && distance > nearBottomPixels) setSticking(false);
      else if (!upward && distance <= nearBottomPixels) setSticking(true);
    };
    const passive = { passive: true };
    scroller.addEventListener("wheel", onWheel, passive);
    scroller.addEventListener("touchmove", intend, passive);
    scroller.addEventListener("keydown", onKey);
    scroller.addEventListener("pointerdown", onDown);
    window.addEventListener("pointerup", onUp);
    scroller.addEventListener("scroll", onScroll, passive);
    return () => {
      scroller.removeEventListener("wheel", onWheel);
      scroller.removeEventListener("touchmove", intend);
      scroller.removeEventListener("keydown", onKey);
      scroller.removeEventListener("pointerdown", onDown);
      window.removeEventListener("pointerup", onUp);
      scroller.removeEventListener("scroll", onScroll);
    };
  }, [scroller]);

  const stick = useCallback(() => setSticking(true), []);
  const userScrolled = useCallback(() => everScrolled.current, []);
  return { sticking, stick, userScrolled };
}
