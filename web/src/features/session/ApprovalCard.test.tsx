import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answerFetch, type Call, makeApproval } from "@/test/fixtures";
import { ApprovalCard } from "./ApprovalCard";
import { SessionContext } from "./SessionContext";

let calls: Call[];
let restore: () => void;
const question = makeApproval();
const onAnswered = vi.fn();

beforeEach(() => {
  onAnswered.mockReset();
  ({ calls, restore } = answerFetch(() => ({ body: { ...question, status: "answered" } })));
});
afterEach(() => restore());

function show(asked = question) {
  const context = {
    scope: "demo",
    sessionId: "ses_1",
    questions: {},
    progress: {},
    onAnswered,
    onRoundRemoved: () => {},
  };
  render(
    <SessionContext value={context}>
      <ApprovalCard question={asked} />
    </SessionContext>,
  );
  return userEvent.setup();
}

const editor = () => screen.getByRole("textbox", { name: "Arguments (JSON)" });
async function edit(user: ReturnType<typeof userEvent.setup>, text: string) {
  await user.click(screen.getByRole("button", { name: "Edit arguments" }));
  await user.clear(editor());
  await user.click(editor());
  await user.paste(text);
}

describe("ApprovalCard", () => {
  it("shows effects, network and the reason", () => {
    show(makeApproval({ network: true }));
    expect(screen.getByText("Changes things")).toBeInTheDocument();
    expect(screen.getByText("Uses the network")).toBeInTheDocument();
    expect(screen.getByText("write")).toBeInTheDocument();
  });

  it.each([
    ["Allow once", { decision: "allow", remember: "once" }],
    ["Allow for this session", { decision: "allow", remember: "session" }],
    ["Always allow", { decision: "allow", remember: "always" }],
  ])("%s answers the question with an idempotency key", async (name, body) => {
    const user = show();
    await user.click(screen.getByRole("button", { name }));
    expect(calls).toMatchObject([
      { method: "POST", path: "/workspaces/demo/sessions/ses_1/questions/qst_1", body },
    ]);
    expect(calls[0]?.key).toMatch(/^[0-9a-f-]{32,36}$/);
    expect(onAnswered).toHaveBeenCalledWith(expect.objectContaining({ status: "answered" }));
  });

  it("denies with the reason that was written", async () => {
    const user = show();
    await user.click(screen.getByRole("button", { name: "Deny" }));
    await user.type(screen.getByRole("textbox", { name: /Reason/ }), "not that file");
    await user.keyboard("{Enter}");
    expect(calls[0]?.body).toEqual({ decision: "deny", reason: "not that file" });
  });

  it("refuses edited arguments that are not JSON", async () => {
    const user = show();
    await edit(user, '{"path": ');
    expect(screen.getByRole("alert")).toHaveTextContent("Not valid JSON");
    expect(screen.getByRole("button", { name: "Allow once" })).toBeDisabled();
    expect(editor()).toBeInvalid();
    expect(calls).toHaveLength(0);
  });

  it("refuses edited arguments that lack a required one", async () => {
    const user = show();
    await edit(user, '{"text": "hi"}');
    expect(screen.getByRole("alert")).toHaveTextContent("Missing: `path`");
    expect(screen.getByRole("button", { name: "Always allow" })).toBeDisabled();
  });

  it("sends edited arguments that are valid", async () => {
    const user = show();
    await edit(user, '{"path": "other.txt", "text": "hi"}');
    await user.click(screen.getByRole("button", { name: "Allow once" }));
    expect(calls[0]?.body).toEqual({
      decision: "allow",
      remember: "once",
      arguments: { path: "other.txt", text: "hi" },
    });
  });

  it("sends no arguments when the edit changed nothing", async () => {
    const user = show();
    await user.click(screen.getByRole("button", { name: "Edit arguments" }));
    await user.click(screen.getByRole("button", { name: "Allow once" }));
    expect(calls[0]?.body).toEqual({ decision: "allow", remember: "once" });
  });

  it("takes the focus on the card, not on a button, and answers single keys", async () => {
    const user = show();
    expect(screen.getByRole("region", { name: "Approval for files.write" })).toHaveFocus();
    await user.keyboard("{Enter} ");
    expect(calls).toHaveLength(0);
    await user.keyboard("2");
    expect(calls[0]?.body).toEqual({ decision: "allow", remember: "session" });
  });

  it("leaves the focus to somebody who is typing", () => {
    const box = document.body.appendChild(document.createElement("textarea"));
    box.value = "half a sentence";
    box.focus();
    show();
    expect(box).toHaveFocus();
    box.remove();
  });

  it("does not take digits typed into the editor for an answer", async () => {
    const user = show();
    await user.keyboard("e");
    await user.type(editor(), "1");
    expect(calls).toHaveLength(0);
  });

  it("repeats the same key after an answer that was lost", async () => {
    restore();
    let lost = true;
    ({ calls, restore } = answerFetch(() => {
      if (!lost) return { body: { ...question, status: "answered" } };
      lost = false;
      return undefined;
    }));
    const user = show();
    await user.click(screen.getByRole("button", { name: "Allow once" }));
    expect(screen.getByRole("alert")).toHaveTextContent("Mandrake cannot be reached");
    await user.click(screen.getByRole("button", { name: "Allow once" }));
    expect(calls).toHaveLength(2);
    expect(calls[1]?.key).toBe(calls[0]?.key);
  });
});
