"""The JSON API answers as its own description says, whatever it is asked, and never 500."""

import sys
from pathlib import Path

import pytest
import trustme

from node.covey_api.openapi import PATH
from tests.support.network import Network
from tests.support.outside_program import running

pytestmark = pytest.mark.network

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance"
)
# A stream does not end by itself.
LEFT_OUT = "/events$"
EXAMPLES = 5


async def test_the_api_answers_as_it_says(network: Network, ca: trustme.CA, tmp_path: Path):
    (alpha,) = await network.start("alpha.test")
    al, bo = alpha.person("al"), alpha.person("bo")
    await bo.arrive()
    room = await al.start_conversation("tea", bo.acct)
    await al.say(room, "hello")
    command = (
        *(Path(sys.executable).with_name("schemathesis"), "run", f"https://alpha.test{PATH}"),
        *("-H", f"Authorization: Bearer {al.token}", "-n", str(EXAMPLES), "-c", CHECKS),
        *("--exclude-path-regex", LEFT_OUT, "--phases", "fuzzing", "--continue-on-failure"),
        *("--no-color", "--request-timeout", "30", "--generation-deterministic"),
    )

    async with running(*command, network=network, ca=ca, folder=tmp_path / "home") as process:
        said, _ = await process.communicate()

    text = said.decode()
    assert process.returncode == 0, text[-4000:]
    assert " passed" in text
