"""Who signed a request, answered in two pure steps around one key look-up.

The road
========

    scheme.claims_in(request)                          claims, or a failure    steps 2, 3, 4
    verify.check_time_and_digest(claim, request, now)  nothing, or a failure   steps 5, 6
    the caller finds claim.key_id: cache, storage, or its origin               step 7
    verify.verify(claim, request, key)                 Verified, or a failure  step 8

The steps are those of section 2.1 of security.md, in that order, and the first failure answers.
All that can be judged without the key is judged before it is looked up, so that no nonsense makes
this node fetch anything.

What is believed
================

`ParsedSignature` is a claim and gives no right. `Verified` is a fact, made in `verify.py` alone:
this key, which speaks for this actor, signed this request at this time. A caller that needs a
signed request demands a `Verified`, so it cannot forget a step.

The key's type alone selects the primitive: PKCS1v15 with SHA-256 for RSA, or Ed25519. A label
that the sender wrote may narrow that and never widen it. Naming `hmac-sha256` is how a public key
becomes a shared secret in other libraries (dependencies.md, section 2).

What a header says is read in one place, `Request.fields`. The value that is compared is the value
that was signed.

Schemes
=======

RFC 9421, in `rfc9421.py`, for requests with `Signature-Input`; else draft-cavage, in `cavage.py`.
`scheme.py` settles which, and a request that fails by one is never tried by the other. RFC 9421
may carry several labels: up to three claims are tried, and the first that holds counts.

The other way
=============

`sign.py` makes the headers of our own requests: draft-cavage with `(request-target) host date`,
and `digest` on a POST, by RSA-SHA256, which every server understands; or RFC 9421 with `@method`,
`@target-uri`, and `content-digest` on a POST, by RSA or Ed25519. What it signs, `verify` accepts;
property tests hold both to it. `federation/remote/schemes.py` knows which host takes what.
"""
