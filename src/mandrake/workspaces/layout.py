"""Every path under a home. With the folder store, the only place that knows them.

Pure but for `prepare`: nothing here looks at the disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mandrake.domain.documents import DocumentName
from mandrake.domain.ids import INSTALLATION_SCOPE, ScopeId
from mandrake.errors import NotFound, Unavailable
from mandrake.persistence.ports import DocumentPlace

WORKSPACE_DATA = ".ws"
"""The folder in a workspace that no tool server sees."""
CONFIG_DOCUMENTS: tuple[DocumentName, ...] = ("tools", "models", "prompt", "dynamic")
"""Documents that a workspace keeps in `.ws/config`."""


@dataclass(frozen=True, slots=True)
class ScopePaths:
    """The folders of one scope. Absolute; `src` may be a symbolic link."""

    scope_id: ScopeId
    folder: Path
    """The workspace's folder, or the home."""
    src: Path | None
    """None for the installation, which has no source tree."""
    files: Path
    mcpdata: Path
    database: Path
    blobs: Path

    @property
    def is_workspace(self) -> bool:
        """Whether `${workspace}` and `${src}` mean something here."""
        return self.src is not None


@dataclass(frozen=True, slots=True)
class HomeLayout:
    """Paths of one home. `home` is absolute and resolved: use `HomeLayout.at`."""

    home: Path
    key_file: Path | None = None
    """`MANDRAKE_KEY_FILE`: a key ring outside the home."""

    @classmethod
    def at(cls, home: Path, *, key_file: Path | None = None) -> HomeLayout:
        """The layout of a folder that may not exist yet."""
        outside = key_file.expanduser().absolute() if key_file is not None else None
        return cls(home.expanduser().resolve(), outside)

    @property
    def database(self) -> Path:
        return self.home / "mandrake.db"

    @property
    def secrets_database(self) -> Path:
        return self.home / "secrets.db"

    @property
    def key_ring(self) -> Path:
        return self.key_file or self.home / "keys" / "ring.json"

    @property
    def workspaces(self) -> Path:
        return self.home / "workspaces"

    @property
    def trash(self) -> Path:
        return self.home / "trash"

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def lock(self) -> Path:
        return self.run / "lock"

    @property
    def server_file(self) -> Path:
        return self.run / "server.json"

    @property
    def socket(self) -> Path:
        return self.run / "mandrake.sock"

    @property
    def cache(self) -> Path:
        return self.home / "cache"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    def prepare(self) -> None:
        """Make the home's folders where they are missing. Blocking; only the owner may enter.

        Raises:
            Unavailable: The home can't be made or written.
        """
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in (
                self.home / "files",
                self.home / "mcpdata",
                self.home / "keys",
                self.workspaces,
                self.trash,
                self.run,
                self.cache,
                self.logs,
            ):
                folder.mkdir(mode=0o700, exist_ok=True)
            # A copy of a home, or a hand, may have opened what must stay closed.
            for folder in (self.home, self.home / "keys", self.run):
                folder.chmod(0o700)
        except OSError as error:
            raise Unavailable(
                f"The home `{self.home}` can't be used: {error.strerror}.",
                code="unavailable.home",
                hint="Choose another with `--home` or MANDRAKE_HOME, or mend its permissions.",
            ) from error

    def installation_paths(self) -> ScopePaths:
        """Folders of the installation's own scope."""
        return ScopePaths(
            scope_id=INSTALLATION_SCOPE,
            folder=self.home,
            src=None,
            files=self.home / "files",
            mcpdata=self.home / "mcpdata",
            database=self.database,
            blobs=self.home / "blobs",
        )

    def workspace_paths(self, scope_id: ScopeId, name: str) -> ScopePaths:
        """Folders of the workspace whose folder is called `name`."""
        return workspace_paths_in(self.workspaces / name, scope_id)

    def document_place(
        self, scope_id: ScopeId, name: DocumentName, folder: str | None
    ) -> DocumentPlace:
        """Where a document lies; `folder` is the folder name of a known workspace.

        Raises:
            NotFound: No such workspace, or no such document in that kind of scope.
        """
        file_name = f"{name}.json"
        if scope_id == INSTALLATION_SCOPE:
            if name == "workspace":
                raise NotFound("The installation has no document `workspace`.")
            return DocumentPlace(self.home, (), file_name, file_name)
        if folder is None or name == "mandrake":
            raise NotFound("There is no such document, or it is not yours to use.")
        inner = () if name == "workspace" else (WORKSPACE_DATA, "config")
        label = "/".join(("workspaces", folder, *inner, file_name))
        # From the home on, nothing may be a link: also `workspaces/<name>` itself.
        return DocumentPlace(self.workspaces, (folder, *inner), file_name, label)


def workspace_paths_in(folder: Path, scope_id: ScopeId) -> ScopePaths:
    """Paths of a workspace in `folder`, also while it is being made elsewhere."""
    data = folder / WORKSPACE_DATA
    return ScopePaths(
        scope_id=scope_id,
        folder=folder,
        src=folder / "src",
        files=data / "files",
        mcpdata=data / "mcpdata",
        database=data / "session.db",
        blobs=data / "blobs",
    )
