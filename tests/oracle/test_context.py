"""An independent JSON-LD processor, holding only the two named documents, reads what we send."""

from typing import Any

import pytest
from pyld import jsonld
from pyld.documentloader.frozen import BUNDLED_CONTEXTS, FrozenDocumentLoader

from federation.protocol.vocabulary import ACTIVITYSTREAMS, CHAT, CONTEXT, READ_TERMS, SECURITY_V1
from tests.support.examples import examples

EXAMPLES = examples()
MODES = ["json-ld-1.0", "json-ld-1.1"]
KEYWORD_ALIASES = {"id", "type"}
LOADER = FrozenDocumentLoader(
    {name: BUNDLED_CONTEXTS[name] for name in (ACTIVITYSTREAMS, SECURITY_V1)}
)


def expanded(document: dict[str, Any], mode: str) -> list[dict[str, Any]]:
    options = {"processingMode": mode, "documentLoader": LOADER}
    result: list[dict[str, Any]] = jsonld.expand(document, options)
    return result


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_conformance_1_every_example_expands(name: str, mode: str):
    document = {"@context": CONTEXT, **EXAMPLES[name]}

    found = expanded(document, mode)

    assert len(found) == 1
    assert "@type" in found[0]


@pytest.mark.parametrize("mode", MODES)
def test_conformance_1_each_of_our_terms_has_its_iri(mode: str):
    terms = [name for name in READ_TERMS if name not in KEYWORD_ALIASES]
    document = {"@context": CONTEXT, **{name: [f"https://a.example/{name}"] for name in terms}}

    found = expanded(document, mode)[0]

    assert found.keys() - {"@type"} == {READ_TERMS[name] for name in terms}


@pytest.mark.parametrize("mode", MODES)
def test_types_and_log_terms_of_a_message_are_ours(mode: str):
    found = expanded(EXAMPLES["6.1 Create"], mode)[0]

    assert found["@type"] == [f"{ACTIVITYSTREAMS}#Create"]
    assert found[f"{CHAT}seq"] == [{"@value": 42}]
    assert found[f"{CHAT}log"] == [{"@id": "https://bob.example/u/bob/log/7QK2"}]


def test_conformance_1_our_context_names_no_third_document():
    assert [item for item in CONTEXT if isinstance(item, str)] == [ACTIVITYSTREAMS, SECURITY_V1]
    assert "@version" not in str(CONTEXT)
    assert "@json" not in str(CONTEXT)
    assert "@protected" not in str(CONTEXT)
