"""Takes the frozen Avro schemas of the repository along, so that Java and Python read the same files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HISTORY = "schemas/src/main/resources/io/gradwatch/schemas/history"
RECORDS = ("TrainingEvent", "ClipRecommendation")
PACKAGED = "gradwatch/history"


class SchemaHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the schemas from the repository; from a source distribution, those that it holds."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Names the files to add; an editable install reads them where they lie."""
        root = Path(self.root)
        in_sdist = root / "src" / PACKAGED
        source = in_sdist if in_sdist.is_dir() else root.parent.parent / HISTORY
        prefix = f"src/{PACKAGED}" if self.target_name == "sdist" else PACKAGED
        if version == "editable":
            return
        for record in RECORDS:
            for schema in sorted((source / record).glob("v*.avsc")):
                build_data["force_include"][str(schema)] = f"{prefix}/{record}/{schema.name}"
