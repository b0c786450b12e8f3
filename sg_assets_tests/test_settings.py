"""What the environment decides."""

from pathlib import Path

import pytest

from sg_assets.errors import InvalidSettingError, NotDeclaredError, SgAssetsError
from sg_assets.orchestration.project import load_project
from sg_assets.settings import read_settings


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project named by the environment, and nothing else set."""
    for name in ("SG_PROFILE", "SG_HOME", "SG_STORE", "SG_RAW", "SG_TOXIGEN_DIR", "SG_SEED", "SG_WEIGHTS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "models" / "profiles").mkdir(parents=True)
    for name in ("demo", "tiny", "paper"):
        (tmp_path / "models" / "profiles" / f"{name}.yaml").touch()
    monkeypatch.setenv("SG_PROJECT", str(tmp_path))
    return tmp_path


def test_the_demo_is_the_default_and_lives_in_the_project(project: Path) -> None:
    settings = read_settings()
    assert (settings.profile, settings.raw, settings.toxigen) == ("demo", None, None)
    assert settings.store_root == project / ".sg" / "demo" / "store"


def test_profiles_share_nothing_they_write(monkeypatch: pytest.MonkeyPatch) -> None:
    demo = read_settings()
    monkeypatch.setenv("SG_PROFILE", "tiny")
    assert demo.home != read_settings().home


def test_the_home_may_be_written_with_a_tilde(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(project))
    monkeypatch.setenv("SG_HOME", "~/data")
    assert read_settings().home == project / "data" / "demo"


@pytest.mark.parametrize(
    ("named", "root"), [("gs://bucket/prefix", "gs://bucket/prefix/demo"), ("~/elsewhere", "{home}/elsewhere/demo")]
)
def test_the_store_may_lie_elsewhere(project: Path, monkeypatch: pytest.MonkeyPatch, named: str, root: str) -> None:
    monkeypatch.setenv("HOME", str(project))
    monkeypatch.setenv("SG_STORE", named)
    assert str(read_settings().store_root) == root.format(home=project)
    assert read_settings().home == project / ".sg" / "demo"


def test_folders_of_models_lie_below_one_of_all_profiles(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().models == project / ".weights"
    monkeypatch.setenv("SG_WEIGHTS", str(project / "not yet"))
    assert read_settings().models == project / "not yet"


def test_a_kind_of_store_that_does_not_exist_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SG_STORE", "nope://bucket")
    with pytest.raises(InvalidSettingError, match=r"SG_STORE: 'nope://bucket' is not a folder or URL"):
        read_settings()


@pytest.mark.parametrize("name", ["../demo", "Demo", "a b"])
def test_a_profile_that_is_no_name_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("SG_PROFILE", name)
    with pytest.raises(InvalidSettingError, match=r"SG_PROFILE: .* is not a profile name"):
        read_settings()


@pytest.mark.parametrize(("name", "near"), [("tinny", "tiny"), ("dem", "demo"), ("papers", "paper"), ("tiny1", "tiny")])
def test_a_profile_that_is_not_declared_names_the_nearest(
    monkeypatch: pytest.MonkeyPatch, name: str, near: str
) -> None:
    monkeypatch.setenv("SG_PROFILE", name)
    with pytest.raises(NotDeclaredError, match=f"^SG_PROFILE: unknown profile '{name}'. Did you mean '{near}'"):
        read_settings()


@pytest.mark.parametrize("variable", ["SG_RAW", "SG_TOXIGEN_DIR"])
def test_a_folder_that_is_not_there_is_told_by_its_variable(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "no/such/folder")
    with pytest.raises(SgAssetsError, match=f"{variable}: 'no/such/folder' does not exist"):
        read_settings()


def test_a_folder_without_declarations_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SG_PROJECT", str(tmp_path / "empty"))
    with pytest.raises(InvalidSettingError, match=r"there is no folder models/profiles.*Set SG_PROJECT"):
        read_settings()


def test_a_seed_of_the_environment_stands_in_for_the_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SG_PROJECT", str(Path(__file__).parents[1]))
    assert load_project().declared.profile.seed == 0
    monkeypatch.setenv("SG_SEED", "7")
    assert load_project().declared.profile.seed == 7


@pytest.mark.parametrize("variable", ["SG_PROJECT", "SG_HOME", "SG_STORE", "SG_RAW", "SG_TOXIGEN_DIR", "SG_WEIGHTS"])
@pytest.mark.parametrize("value", ["/a/" + "a" * 5000, "~nouser/x", "a\x1bb", "caf\udce9", " "])
def test_a_path_that_no_file_can_have_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(InvalidSettingError, match=f"^{variable}: "):
        read_settings()


@pytest.mark.parametrize("variable", ["SG_HOME", "SG_STORE", "SG_TOXIGEN_DIR", "SG_WEIGHTS"])
def test_a_file_where_a_folder_is_wanted_is_told(project: Path, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    file = project / "file"
    file.touch()
    monkeypatch.setenv(variable, str(file))
    with pytest.raises(InvalidSettingError, match=f"^{variable}: '{file}' is no folder"):
        read_settings()


@pytest.mark.parametrize("name", [".sg", ".sg/demo"])
def test_a_file_named_like_a_folder_of_the_home_is_told(project: Path, name: str) -> None:
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).touch()
    with pytest.raises(InvalidSettingError, match=rf"^SG_HOME: '{project / name}' is no folder"):
        read_settings()


@pytest.mark.parametrize("letter", "*?[]")
def test_a_home_that_dagster_takes_for_a_pattern_is_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch, letter: str
) -> None:
    monkeypatch.setenv("SG_HOME", str(project / f"a{letter}b"))
    with pytest.raises(InvalidSettingError, match=r"SG_HOME: .* Dagster takes them for a pattern"):
        read_settings()


def test_a_working_directory_that_is_gone_needs_no_traceback(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert read_settings().project == project
    monkeypatch.delenv("SG_PROJECT")
    assert (read_settings().project / "models" / "profiles").is_dir()


@pytest.mark.parametrize("named", ["-1", "x", "1.5", "٣", "9" * 6000, "4294967296", "1e3", "0x1"])
def test_a_seed_that_is_no_number_is_an_error(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv("SG_SEED", named)
    with pytest.raises(InvalidSettingError, match=r"SG_SEED: .* is not a seed"):
        read_settings()
