import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answerFetch, type Call } from "@/test/fixtures";
import { Composer } from "./Composer";

let calls: Call[];
let restore: () => void;
let sendAnswer: { status?: number; body?: unknown } | undefined;

beforeEach(() => {
  sendAnswer = { status: 202, body: { round_id: "rnd_9" } };
  ({ calls, restore } = answerFetch((call) => {
    if (call.method === "POST") return sendAnswer;
    if (call.path.endsWith("/active")) return { body: { key: "quick", origin: "x", model: null } };
    const model = (key: string) => ({ key, enabled: true });
    return { body: { items: [model("quick"), model("clever")], next_cursor: null } };
  }));
});
afterEach(() => restore());

const posts = () => calls.filter((call) => call.method === "POST");
const box = () => screen.getByRole("textbox", { name: "Message" });

function show(props: Partial<Parameters<typeof Composer>[0]> = {}) {
  const onStop = vi.fn();
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const view = render(
    <QueryClientProvider client={client}>
      <Composer
        scope="demo"
        sessionId="ses_1"
        running={false}
        stopping={false}
        onStop={onStop}
        {...props}
      />
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), onStop, ...view };
}

describe("Composer", () => {
  it("sends on Enter and empties the box once the server accepted", async () => {
    const { user } = show();
    await user.type(box(), "hello{Enter}");
    await waitFor(() => expect(box()).toHaveValue(""));
    expect(posts()).toMatchObject([
      {
        path: "/workspaces/demo/sessions/ses_1/rounds",
        body: { content: "hello", mode: "queue" },
      },
    ]);
    expect(posts()[0]?.key).toBeTruthy();
  });

  it("writes a new line on Shift+Enter", async () => {
    const { user } = show();
    await user.type(box(), "one{Shift>}{Enter}{/Shift}two");
    expect(box()).toHaveValue("one\ntwo");
    expect(posts()).toHaveLength(0);
  });

  it("leaves Enter to an input method that composes", () => {
    show();
    fireEvent.change(box(), { target: { value: "にほん" } });
    fireEvent.keyDown(box(), { key: "Enter", isComposing: true });
    fireEvent.keyDown(box(), { key: "Enter", keyCode: 229 });
    expect(posts()).toHaveLength(0);
    fireEvent.keyDown(box(), { key: "Enter" });
    expect(posts()).toHaveLength(1);
  });

  it("keeps the draft of each session over a reload", async () => {
    const first = show();
    await first.user.type(box(), "half a thought");
    first.unmount();
    const second = show();
    expect(box()).toHaveValue("half a thought");
    second.unmount();
    show({ sessionId: "ses_2" });
    expect(box()).toHaveValue("");
  });

  it("never loses a message that could not be sent", async () => {
    sendAnswer = undefined;
    const { user } = show();
    await user.type(box(), "precious{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("Not sent");
    expect(box()).toHaveValue("precious");
    sendAnswer = { status: 202, body: { round_id: "rnd_9" } };
    await user.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(() => expect(box()).toHaveValue(""));
    expect(posts()[1]?.key).toBe(posts()[0]?.key);
  });

  it("sends what was entered while the message before still travelled, each once", async () => {
    show();
    fireEvent.change(box(), { target: { value: "first" } });
    fireEvent.keyDown(box(), { key: "Enter" });
    fireEvent.change(box(), { target: { value: "firstand second" } });
    fireEvent.keyDown(box(), { key: "Enter" });
    await waitFor(() => expect(box()).toHaveValue(""));
    const contents = posts().map((post) => (post.body as { content: string }).content);
    expect(contents).toEqual(["first", "and second"]);
  });

  it("sends nothing but blanks", async () => {
    const { user } = show();
    await user.type(box(), "   {Enter}");
    expect(posts()).toHaveLength(0);
    expect(screen.getByRole("button", { name: "Send" })).toBeDisabled();
  });

  it("turns Send into Stop while a round runs, and typing still queues", async () => {
    const { user, onStop } = show({ running: true });
    expect(screen.queryByRole("button", { name: "Send" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Stop" }));
    expect(onStop).toHaveBeenCalledOnce();
    await user.type(box(), "next");
    expect(screen.getByRole("button", { name: "Stop" })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(() => expect(posts()).toHaveLength(1));
  });

  it("sends with the model chosen for this session", async () => {
    const { user } = show();
    await screen.findByRole("option", { name: "clever" });
    await user.selectOptions(screen.getByRole("combobox", { name: "Model" }), "clever");
    await user.type(box(), "hi{Enter}");
    await waitFor(() => expect(posts()[0]?.body).toMatchObject({ model: "clever" }));
  });
});
