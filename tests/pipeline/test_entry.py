"""The command's beginning."""

from __future__ import annotations

import builtins
from types import ModuleType

import pytest

from pipeline import entry


def test_stopped_while_it_loads_it_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load = builtins.__import__

    def stopped(name: str, *arguments: object, **more: object) -> ModuleType:
        if name == "pipeline.cli":
            raise KeyboardInterrupt
        return load(name, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", stopped)
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "")
