// The chat page begins here: its elements are known to the browser and the app is started.

import "./elements/conversation-list.js";
import "./elements/conversation-room.js";
import "./elements/conversation-details.js";
import "./elements/ask-dialog.js";
import "./elements/choice-menu.js";
import "./elements/member-list.js";
import "./elements/message-composer.js";
import "./elements/message-item.js";
import "./elements/message-list.js";
import "./elements/message-menu.js";
import "./elements/message-tools.js";
import "./elements/upload-tray.js";
import "./elements/word-suggestions.js";
import "./elements/covey-app.js";
import { keepShell } from "./installed.js";

keepShell();
