"""docs/settings.md names every setting, and none that is not there."""

import re
from pathlib import Path

import pitcrew

CODE = Path(pitcrew.__file__).parent
READ = re.compile(r"""(?:environ(?:\.get|\.setdefault|\.pop)?|_number)[\[(]\s*["']([A-Z][A-Z0-9_]+)["']""")
NOT_OURS = {"DJANGO_SETTINGS_MODULE"}


def test_every_setting_is_documented_and_nothing_that_is_not_there():
    read = {name for file in CODE.rglob("*.py") for name in READ.findall(file.read_text())} - NOT_OURS
    told = (CODE.parent / "docs" / "settings.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", told, re.M))
    assert documented == read | {"DATABASE_URL"}
