"""Who is calling: passwords, sessions in a browser, bearer tokens, and what each may do."""
