"""Every sandbox that is shipped keeps the contract of sandbox/base.py."""

import pytest

from llmsweep.errors import UnfitError
from llmsweep.sandbox.bubblewrap import Bubblewrap
from llmsweep.sandbox.local import Local
from llmsweep.testing.memory import MemoryFactory
from llmsweep.testing.sandboxes import FilesConformance, SandboxConformance, make_task
from llmsweep.types import Observation


class TestBubblewrapConforms(SandboxConformance):
    @pytest.fixture
    def factory(self):
        factory = Bubblewrap()
        try:
            factory.check()
        except UnfitError as e:
            pytest.skip(str(e))
        return factory


class TestLocalConforms(SandboxConformance):
    @pytest.fixture
    def factory(self):
        factory = Local()
        factory.check()
        return factory


class TestMemoryConforms(FilesConformance):
    @pytest.fixture
    def factory(self):
        return MemoryFactory()

    def test_commands_and_verification_are_functions(self, tmp_path):
        def answer(command, files):
            files["said.txt"] = command
            return Observation(exit_code=3, output="done")

        task = make_task(tmp_path / "task")
        factory = MemoryFactory(answer=answer)
        with factory.open(task, tmp_path) as sandbox:
            assert sandbox.run("make it so", 1).exit_code == 3
            assert sandbox.read("said.txt") == "make it so"
            kept = sandbox.snapshot()
            assert sandbox.verify(task.verifier.tests, tmp_path, 1).ok
        assert factory.kept[kept]["said.txt"] == "make it so"
        assert (tmp_path / "verifier" / "reward.txt").read_text() == "1\n"
