import { toast } from "sonner";
import { asProblem } from "@/api/client";

export function toastProblem(error: unknown): void {
  const problem = asProblem(error);
  toast.error(problem.detail, { description: problem.nextStep });
}
