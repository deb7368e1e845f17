"""A request with one character other than it was signed."""

from hypothesis import strategies as st

from federation.protocol.signature.parsed import Request

VISIBLE = st.characters(min_codepoint=0x21, max_codepoint=0x7E)


def with_a_change(request: Request, place: str, data: st.DataObject) -> Request:
    """The request with one character replaced, dropped or put in; a GET gets no query by it."""
    if place == "method":
        return Request(changed(request.method, data), request.target, request.headers, request.body)
    if place == "target":
        target = changed(request.target, data)
        if request.method == "GET" and target.partition("?")[0] == request.target:
            target = f"/{request.target}"
        return Request(request.method, target, request.headers, request.body)
    if place == "body":
        body = changed((request.body or b"").decode("latin-1"), data).encode("latin-1")
        return Request(request.method, request.target, request.headers, body)
    headers = tuple(
        (name, _changed_field(place, value, data) if name.lower() == place else value)
        for name, value in request.headers
    )
    return Request(request.method, request.target, headers, request.body)


def _changed_field(name: str, value: str, data: st.DataObject) -> str:
    """Another value; a host in other letters' case is the same host."""
    other = changed(value, data)
    return f"{other}x" if name == "host" and other.lower() == value.lower() else other


def changed(text: str, data: st.DataObject) -> str:
    index = data.draw(st.integers(0, max(0, len(text) - 1)))
    drop = data.draw(st.integers(0, 1)) if text else 0
    added = data.draw(st.text(VISIBLE, min_size=0 if drop else 1, max_size=1))
    other = text[:index] + added + text[index + drop :]
    return other if other != text else text + "x"
