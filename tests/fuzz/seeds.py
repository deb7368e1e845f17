"""Where a fuzzer begins: what real servers have sent, and what our own grammar allows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from federation.activities.situation import json_text
from tests.support.examples import examples

WIRE: Final = Path(__file__).parent.parent / "wire"
POLICY: Final = WIRE.parent / "unit" / "policy" / "fixtures" / "complete.toml"

HTML: Final = (
    '<p onclick="x">a <a href="https://a.test/" class="mention u-url">@a</a><br>b</p>',
    "<ul><li>a<li><b>b<i>c</b>d</ul><pre><code>e</code></pre><script>f</script>",
    "<svg><math><mi><style><!--</style><img src=x onerror=x>--></mi></math></svg>",
    '<a href="java\tscript:x">https://b.test</a><!-- c --><template><p>d</template>',
)
MARKDOWN: Final = (
    "*a* **b** ~~c~~ `d` [e](https://a.test/) https://b.test\n\n- f\n- g\n\n> h\n```\ni\n```",
    "[a](javascript:b) <script>c</script> ![d](e) &lt; \\* **f",
)
LISTS: Final = (
    (
        "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"
        'a.example,silence,true,false,"b, ""c""",true\n'
        "*.d.example,suspend,,,,\nb\u00fc.example,,,,,\n"
    ),
    (
        '[{"domain":"a.example","severity":"suspend","comment":"b"},'
        '{"domain":"c*.example","severity":"noop"}]'
    ),
    (
        '{"orderedItems":[{"id":"https://f.test/1","type":"Recommendation","entityKind":"domain",'
        '"entityKey":"a.example","recommendedPolicy":"filter","recommendedFilters":["reject-media"],'
        '"labels":["https://f.test/l"],"published":"2026-11-01T00:00:00Z"},'
        '{"id":"https://f.test/2","type":"Tombstone"}],"next":"https://f.test/?since=2"}'
    ),
    "a.example # b\n*.c.example\n192.0.2.0/24\n",
    '{"rule":[{"id":"a","stage":"domain","when":{"domain":["a.example"]},"action":"drop"}]}',
)
TEXTS: Final = {"html": HTML, "markdown": MARKDOWN, "policy_lists": LISTS}
FORM: Final = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
    b"Content-Type: image/png\r\n\r\nabc\r\n--b\r\n"
    b'Content-Disposition: form-data; name="description"\r\n\r\nd\r\n--b--\r\n'
)
REQUESTS: Final = (
    b"\x30GET / HTTP/1.1\r\nHost: a.test\r\n\r\n",
    b"\x50POST /inbox HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\n{}",
    b"\x60POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
)
MESSAGE_SIGNATURE: Final = (
    'Signature-Input: a=("@method" "@target-uri" "content-digest");created=1;keyid="https://a.test/k"\n'
    "Signature: a=:AAAA:\nContent-Digest: sha-256=:AAAA:"
)


def of(target: str) -> Iterator[bytes]:
    """What a target begins with."""
    match target:
        case "json_body" | "activities" | "actors":
            yield from (json_text(document).encode() for document in examples().values())
            yield from (path.read_bytes() for path in sorted(WIRE.glob("*/*.json")))
        case "signature_headers":
            yield MESSAGE_SIGNATURE.encode()
            for path in sorted(WIRE.glob("*/*.http")):
                head = path.read_bytes().partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
                yield head.replace(b"\r", b"").partition(b"\n")[2]
        case "html" | "markdown" | "policy_lists":
            yield from map(str.encode, TEXTS[target])
        case "multipart":
            yield FORM
        case "policy":
            yield POLICY.read_bytes()
        case _:
            yield from REQUESTS
