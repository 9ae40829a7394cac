"""Opens whatever an author brings: a folder, a ZIP of its files, or a workbook."""

from pathlib import Path, PurePosixPath

from jumelle.toolkits.package.archive import MAX_UPLOAD_BYTES, Archive
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.problems import mark as _
from jumelle.toolkits.package.problems import refused
from jumelle.toolkits.package.workbook_read import read_workbook
from jumelle.toolkits.package.yaml_folder import read_files, read_folder

_RUBBISH = ("__MACOSX", ".DS_Store", "Thumbs.db")


def read_path(path: Path) -> Package:
    """
    Return the package in a folder or file.

    Raises:
        PackageRefused: with everything that is wrong.
    """
    if path.is_dir():
        return read_folder(path)
    if not path.is_file():
        raise refused(_("There is no file or folder of this name."))
    if path.stat().st_size > MAX_UPLOAD_BYTES:
        raise refused(_("The file is larger than %(limit)s MB."), limit=MAX_UPLOAD_BYTES // 2**20)
    return read_bytes(path.read_bytes())


def read_bytes(data: bytes) -> Package:
    """
    Return the package in an XLSX workbook or in a ZIP of a package folder; the content decides, not the name.

    Raises:
        PackageRefused: with everything that is wrong.
    """
    archive = Archive(data)
    if "[Content_Types].xml" in archive:
        return read_workbook(data)
    names = [name for name in archive.names if not any(part in _RUBBISH for part in PurePosixPath(name).parts)]
    folders = {PurePosixPath(name).parent for name in names}
    if len(folders) > 1:
        raise refused(_("The ZIP holds several folders. Pack the YAML files of one version only."))
    return read_files({PurePosixPath(name).name: archive.read(name) for name in names})
