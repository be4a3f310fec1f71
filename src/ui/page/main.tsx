import { render } from "preact";
import { App } from "./app.tsx";
import { followEvents } from "./live.ts";
import "./styles.css";

const root = document.querySelector("#app");
if (root !== null) render(<App />, root);
void followEvents();
