"""A package from texts by path."""

from pathlib import Path

from sg_assets.code.package import package_of, read_package


def test_modules_are_known_by_import_name_and_folders_by_their_init() -> None:
    package = package_of(
        {"sg_assets/__init__.py": "", "sg_assets/store/__init__.py": "", "sg_assets/store/store.py": "x"}
    )
    assert package.texts == {"sg_assets": "", "sg_assets.store": "", "sg_assets.store.store": "x"}
    assert package.folders == {"sg_assets", "sg_assets.store"}


def test_the_files_of_a_package_come_back_by_path() -> None:
    files = {"sg_assets/__init__.py": "", "sg_assets/work.py": "x", "sg_assets/page.html.j2": "y"}
    assert dict(package_of(files).all_files()) == files


def test_a_folder_is_read_as_a_package(tmp_path: Path) -> None:
    (tmp_path / "sg_assets").mkdir()
    (tmp_path / "sg_assets" / "__init__.py").write_text("a = 1\n")
    assert read_package(tmp_path / "sg_assets").texts == {"sg_assets": "a = 1\n"}
