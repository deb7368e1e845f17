"""What those who run or moderate this node see of it in a browser: plain forms, no message text."""
