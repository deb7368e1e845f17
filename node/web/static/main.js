// The chat page begins here: its elements are known to the browser and the app is started.

import "./elements/conversation-list.js";
import "./elements/choice-menu.js";
import "./elements/covey-app.js";
import { keepShell } from "./installed.js";

keepShell();
