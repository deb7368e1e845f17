"""A page is a template, in the reader's language, and what it is told, which is escaped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from aiohttp import hdrs, web
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from node.identity.appearance import LOOKS, NO_LOOKS
from node.web.languages import Language, Languages, Words, load_languages
from node.web.static_files import StaticFiles

HTML: Final = "text/html"
NEVER_STORED: Final = "no-store"
# Where the templates of these pages are.
OWN: Final = "node.web"

# Answers a page to a request from a template, a status and what the template is told.
Render = Callable[..., web.Response]


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says about the node.

    Attributes:
        name: What people call it.
        host: The name other servers know it by.
        account_domain: The part of a handle after the @.
    """

    name: str
    host: str
    account_domain: str


@dataclass(frozen=True, slots=True)
class Voice:
    """What a template says its texts with: in one language, as HTML.

    Attributes:
        language: Which.
        languages: All.
    """

    language: Language
    languages: Languages

    def text(self, key: str, **values: object) -> Markup:
        """The text of a key with its values put in; what is no markup is escaped."""
        return self.say(Words(key, values))

    def say(self, words: Words | str) -> Markup:
        """What a handler has to say; a sentence that no catalogue knows stays English."""
        if isinstance(words, Words):
            values = {name: self._value(each) for name, each in words.values.items()}
            return escape(self.language.template(words)).format(**values)
        known = self.languages.words_of(words)
        if known is not None:
            return self.say(known)
        is_foreign = words and self.language is not self.languages.english
        return Markup('<span lang="en">{}</span>').format(words) if is_foreign else escape(words)

    def _value(self, value: object) -> object:
        if isinstance(value, date):
            return self.language.date(value)
        return self.say(value) if isinstance(value, Words) else value


def renderer(
    site: Site,
    static: StaticFiles,
    languages: Languages | None = None,
    *,
    packages: Sequence[str] = (OWN,),
) -> Render:
    """A function `render(request, template, status=200, **values)` that answers a page.

    Args:
        site: What every page says about the node.
        static: The files that pages name.
        languages: Which are spoken; None for all there are.
        packages: Whose `templates/` there are, by their names.
    """
    spoken = languages or load_languages()
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(each) for each in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(site=site, static=static.address, modules=static.modules)
    environment.filters.update(bdi=bdi, strong=strong)

    def render(
        request: web.Request, template: str, *, status: int = 200, **values: object
    ) -> web.Response:
        looks = request.get(LOOKS, NO_LOOKS)
        voice = Voice(language_for(request, spoken), spoken)
        told = {"text": voice.text, "say": voice.say, **values}
        told |= {"language": voice.language.tag, "looks": looks}
        text = environment.get_template(template).render(told)
        return web.Response(
            text=text,
            status=status,
            content_type=HTML,
            headers={hdrs.CACHE_CONTROL: NEVER_STORED, hdrs.CONTENT_LANGUAGE: voice.language.tag},
        )

    return render


def language_for(request: web.Request, spoken: Languages) -> Language:
    """What they have chosen, or else what their browser asks for."""
    chosen = spoken.by_tag.get(request.get(LOOKS, NO_LOOKS).language)
    return chosen or spoken.accepted(",".join(request.headers.getall(hdrs.ACCEPT_LANGUAGE, ())))


def bdi(value: object) -> Markup:
    """A name that turns nothing beside it."""
    return Markup("<bdi>{}</bdi>").format(value)


def strong(value: object) -> Markup:
    """What stands out of its sentence."""
    return Markup("<strong>{}</strong>").format(value)
