"""Every scenario is played by a test of its name, and every such test plays one."""

from tests.faults.scenarios import ids_played, scenarios


def test_every_scenario_is_played():
    assert ids_played() == set(scenarios())
