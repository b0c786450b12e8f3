"""Writing the schemas, the reference, and the line in each YAML file that names its schema: ``make schemas``."""

import json
from pathlib import Path

from sg_assets.declarations.reference import reference
from sg_assets.declarations.schemas import FOLDER, KINDS, LINE, line_of, schema

REFERENCE = "docs/reference.md"


def written(root: Path) -> dict[Path, str]:
    """Every file as it should be, by its place below a project's folder."""
    texts = {root / REFERENCE: reference()}
    for kind in KINDS:
        text = json.dumps(schema(kind), indent=1, ensure_ascii=False) + "\n"
        texts[root / FOLDER / f"{kind.name}.json"] = text
        for pattern in kind.files:
            for path in sorted(root.glob(pattern)):
                texts[path] = _headed(path.read_text(encoding="utf-8"), line_of(path, root, kind))
    return texts


def _headed(text: str, line: str) -> str:
    rest = text.partition("\n")[2] if text.startswith(LINE) else text
    return f"{line}\n{rest}"


def main() -> None:
    """Write what differs."""
    for path, text in written(Path.cwd()).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
