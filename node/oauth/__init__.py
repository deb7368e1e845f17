"""OAuth 2 once for all doors: an app asks, a person says yes on our page, and a token comes of it.

# The way of a token

1. An app registers (`apps.py` as Mastodon has it, `register.py` by RFC 7591), or its client id is
   the URL of a document that says who it is (`documents.py`). `node/identity/apps.py` finds it.
2. It sends a browser to `/oauth/authorize` with a question. `question.py` judges it,
   `authorize.py` asks the person, and `node/identity/consents.py` keeps the yes and gives a code.
3. It brings the code to `/oauth/token` (`token.py`, `grants.py`). The code works once: whoever
   brings it again ends what came of it.
4. The token works at every door, within its scopes (`node/identity/scopes.py`), until the app
   (`revoke.py`), the person (on the page of settings) or whatever closes the account ends it.

# Who may be led where

Nobody is led to an address that the app has not registered (`redirects.py`), and nobody who is not
signed in is led anywhere but to our own page of signing in. Until app and address are known to
belong together, what is wrong is said on a page of ours.

# Secrets

Codes, tokens, refresh tokens and the secrets of apps have 256 random bits each and are kept as
hashes. They are in no log: `node/http/errors.py` writes patterns of paths, without queries.

Source: clients.md 2; RFC 6749, 7009, 7591, 7636, 8252, 8414, 9207
"""
