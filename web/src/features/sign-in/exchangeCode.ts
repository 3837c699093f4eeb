import { post } from "@/api/client";

/** Trades the one-time code for the session cookie. */
export const exchangeCode = (code: string): Promise<void> => post("/sign-in", { code });
