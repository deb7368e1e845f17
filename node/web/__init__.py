"""What people see in a browser: plain forms, and the shell in which the chat is drawn."""
