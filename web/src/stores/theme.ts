// The theme choice. public/theme.js applies the stored one before the first paint; here it changes.

import { create } from "zustand";

export type ThemeChoice = "light" | "dark" | "system";
const storageKey = "mandrake.theme";
const prefersDark = () => window.matchMedia?.("(prefers-color-scheme: dark)");

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(storageKey);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

const isDark = (choice: ThemeChoice): boolean =>
  choice === "dark" || (choice === "system" && (prefersDark()?.matches ?? false));

interface ThemeState {
  choice: ThemeChoice;
  dark: boolean;
  choose: (choice: ThemeChoice) => void;
}

export const useTheme = create<ThemeState>()((set) => ({
  choice: stored(),
  dark: isDark(stored()),
  choose: (choice) => {
    try {
      localStorage.setItem(storageKey, choice);
    } catch {
      // Storage may be blocked: the choice then holds for this page only.
    }
    set({ choice, dark: isDark(choice) });
  },
}));

export const useIsDark = (): boolean => useTheme((state) => state.dark);

/** Called once: keeps the page's class and the system's changes in step with the choice. */
export function watchTheme(): void {
  const apply = ({ dark }: ThemeState) => document.documentElement.classList.toggle("dark", dark);
  useTheme.subscribe(apply);
  apply(useTheme.getState());
  prefersDark()?.addEventListener("change", () =>
    useTheme.setState(({ choice }) => ({ dark: isDark(choice) })),
  );
}
