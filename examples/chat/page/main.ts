import { showChat } from "./chat-view.ts";
import { element } from "./elements.ts";
import { forgetToken, savedToken } from "./saved-token.ts";
import { Session } from "./session.ts";

const form = element("#sign-in form", HTMLFormElement);
const problem = element("#sign-in .error", HTMLElement);
const state = element("#state", HTMLElement);
const retry = element("#retry", HTMLButtonElement);

const STATES = {
  connecting: "Connecting …",
  open: "Connected",
  interrupted: "Reconnecting …",
  closed: "",
};

/** Starts a session, with the token of this tab if there is one, and shows the rooms. */
async function start(signIn?: { name: string; password: string }): Promise<void> {
  const session = new Session(signIn);
  const { connection } = session;
  const showState = () => {
    state.textContent = STATES[connection.state];
    state.dataset["state"] = connection.state;
    retry.hidden = connection.state !== "interrupted";
  };
  connection.addEventListener("statechange", showState);
  showState();
  retry.onclick = () => connection.check();
  if (!signIn) element("#sign-in", HTMLElement).hidden = true;
  try {
    const [name, rooms] = await Promise.all([session.member.name, session.member.rooms()]);
    problem.textContent = "";
    form.reset();
    showSignedIn(name);
    showChat(session, name, rooms);
    session.onEnd(() => showSignedOut("You have been signed out."));
  } catch (error) {
    session.close();
    showSignedOut(session.reason(error));
  }
}

function showSignedIn(name: string): void {
  element("#sign-in", HTMLElement).hidden = true;
  element("#chat", HTMLElement).hidden = false;
  element(".account", HTMLElement).hidden = false;
  element("#me", HTMLElement).textContent = name;
}

function showSignedOut(message: string): void {
  forgetToken();
  problem.textContent = message;
  element("#sign-in", HTMLElement).hidden = false;
  element("#chat", HTMLElement).hidden = true;
  element(".account", HTMLElement).hidden = true;
  element("[name=name]", HTMLInputElement).focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = new FormData(form);
  void start({ name: String(fields.get("name")), password: String(fields.get("password")) });
});

if (savedToken()) void start();
else element("[name=name]", HTMLInputElement).focus();
