import { Monitor, Moon, Sun } from "lucide-react";
import { Button } from "@/components/ui/Button";
import { type ThemeChoice, useTheme } from "@/stores/theme";

const choices: ThemeChoice[] = ["system", "light", "dark"];
const icons = { system: Monitor, light: Sun, dark: Moon };

/** Goes through system, light and dark. */
export function ThemeToggle() {
  const { choice, choose } = useTheme();
  const next = choices[(choices.indexOf(choice) + 1) % choices.length] ?? "system";
  const Icon = icons[choice];
  return (
    <Button
      variant="quiet"
      icon
      aria-label={`Theme: ${choice}. Change to ${next}`}
      title={`Theme: ${choice}`}
      onClick={() => choose(next)}
    >
      <Icon size={18} aria-hidden />
    </Button>
  );
}
