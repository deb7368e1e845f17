"""The example file is made from the dataclasses, so it names every key and its true default."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from node.config.option import Kind, Option, options_of
from node.config.sections import Config, sections

SIZES: Final = (("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10))
RULES: Final = """\
# Rules of what comes in and goes out are written here as well, or in the files that are named:
# docs/admin/rules.md has them all, and covey policy check says what is wrong with them.
#     [policy]
#     mode = "enforce"
#     federation = "open"
#     files = ["rules.toml"]
#
#     [[rule]]
#     id = "bad-example"
#     stage = "domain"
#     when.domain = ["bad.example"]
#     direction = "both"
#     action = "reject"
#     public_reason = "Harassment of our members"
"""
UNITS: Final = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))
SAMPLES: Final = {"server.host": "chat.example.org"}


def example() -> str:
    """Every section and key with its help and default; required keys with a sample."""
    blocks = [
        "# Every key of Covey with its default, then rules. What stands without a # must be set.\n"
    ]
    for name, section in sections().items():
        first_line = (section.__doc__ or "").splitlines()[0]
        lines = [f"# {first_line}", f"[{name}]"]
        for option in options_of(section).values():
            lines += _described(name, option)
        blocks.append("\n".join(lines) + "\n")
    return "\n".join([*blocks, RULES])


def _described(section: str, option: Option) -> Iterator[str]:
    yield f"# {option.help}"
    yield f"# Takes {option.allowed}."
    if option.kind is Kind.SEALING_KEY:
        yield f'{option.name}_file = "{option.name}"'
        return
    sample = SAMPLES.get(f"{section}.{option.name}")
    value = written(option, option.default if sample is None else sample)
    yield f"{option.name} = {value}" if option.required else f"# {option.name} = {value}"


def shown(config: Config, origins: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Every key with its value, secrets masked, and where it was written ("default" if nowhere)."""
    for name, section in sections().items():
        values = getattr(config, name)
        for option in options_of(section).values():
            value = (
                "(masked)" if _is_secret(option) else written(option, getattr(values, option.name))
            )
            key = f"{name}.{option.name}"
            yield key, value, origins.get(key, "default")


def _is_secret(option: Option) -> bool:
    return option.kind in {Kind.SEALING_KEY, Kind.DATABASE}


def written(option: Option, value: object) -> str:
    """The value of a key as it is written in TOML."""
    if option.kind is Kind.SIZE and isinstance(value, int):
        return f'"{_size(value)}"'
    return literal(value)


def literal(value: object) -> str:
    """A value as it is written in TOML."""
    match value:
        case timedelta():
            return f'"{_time(value)}"'
        case tuple() | list():
            return "[" + ", ".join(literal(each) for each in value) + "]"
        case Mapping():
            inside = ", ".join(
                f"{json.dumps(key)} = {literal(each)}" for key, each in value.items()
            )
            return f"{{ {inside} }}" if inside else "{}"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case _:
            return json.dumps(str(value), ensure_ascii=False)


def _time(value: timedelta) -> str:
    total = int(value.total_seconds())
    unit, size = next((unit, size) for unit, size in UNITS if total % size == 0)
    return f"{total // size}{unit}"


def _size(value: int) -> str:
    unit, size = next((unit, size) for unit, size in SIZES if value % size == 0)
    return f"{value // size}{unit}"
