import { useEffect, useState } from "react";

/**
 * For what stands above the page and takes it away from screen readers while it is open. Fluent gives the page back when
 * its dialog closes by itself, but not when the dialog goes with the component that drew it, as ours do: then the page
 * would stay hidden. The focus goes back to what opened it, or, where that is gone as well, to the page.
 */
export function useModal(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        if (document.querySelector('[aria-modal="true"]')) return;
        document.getElementById("root")?.removeAttribute("aria-hidden");
        if (document.activeElement && document.activeElement !== document.body) return;
        const back =
          opener?.isConnected && opener !== document.body ? opener : document.getElementById("content");
        if (back instanceof HTMLElement) back.focus({ preventScroll: true });
      });
    },
    [opener],
  );
}
