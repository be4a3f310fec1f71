import { render } from "preact";
import { chooseWorkspace } from "./api.ts";
import { App } from "./app.tsx";
import { followEvents } from "./feed.ts";
import { keepScroll } from "./scroll.ts";
import "./styles/tokens.css";
import "./styles/elements.css";
import "./styles/layout.css";
import "./styles/lists.css";
import "./styles/parts.css";
import "./styles/content.css";
import "./styles/print.css";

// A link names its workspace, unless that is the one shown.
const workspace = new URL(location.href).searchParams.get("workspace");
if (workspace !== null) chooseWorkspace(workspace);
keepScroll();
void followEvents();
const root = document.querySelector("#app");
if (root !== null) render(<App />, root);
