import { render } from "preact";
import { App } from "./app.tsx";
import { followEvents } from "./feed.ts";
import "./styles/tokens.css";
import "./styles/elements.css";
import "./styles/layout.css";
import "./styles/lists.css";
import "./styles/parts.css";
import "./styles/content.css";

void followEvents();
const root = document.querySelector("#app");
if (root !== null) render(<App />, root);
