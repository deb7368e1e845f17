"""Old servers that look here first are shown the way to WebFinger."""

from html import escape


def host_meta(base_url: str) -> str:
    """Build the XRD of `/.well-known/host-meta`.

    Source: RFC 6415 3.1
    """
    template = escape(f"{base_url}/.well-known/webfinger?resource={{uri}}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" type="application/jrd+json" template="{template}"/>\n'
        "</XRD>\n"
    )
