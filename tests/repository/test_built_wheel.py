"""What is published works: the source distribution, the wheel built from it, and that wheel when installed.

The build uses the tools of the environment and no network.
"""

import os
import subprocess
import sys
import tarfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("build", "editables", "hatchling", "pip")
MISSING = [tool for tool in TOOLS if find_spec(tool) is None]

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"building needs {', '.join(MISSING)} in the environment"),
    pytest.mark.xdist_group("built_wheel"),  # one worker, so that it is built once
]


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    """Run a command away from the settings of this process; return what it prints, or fail with it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"} | variables
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{command} gave {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel built from it rather than from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    # Started elsewhere: the checkout may hold a folder called build.
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (found,) = dist.glob("si_rules-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel installed in it, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet")
    run(*pip, "--no-deps", "--no-index", "--no-compile", "--target", folder, wheel, cwd=folder)
    return folder


def test_the_source_distribution_is_complete(dist: Path) -> None:
    """The source distribution holds what is needed to build, test and document the project, and nothing made."""
    (archive,) = dist.glob("si_rules-*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    tops = {name.partition("/")[0] for name in names}
    wanted = {
        "src",
        "grammar",
        "policies",
        "examples",
        "docs",
        "tests",
        "Makefile",
        "mkdocs.yml",
        "pyproject.toml",
    }
    wanted |= {
        "README.md",
        "LICENCE",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "requirements.lock",
        "requirements-dev.lock",
        "requirements-peers.lock",
    }
    assert wanted <= tops
    assert not tops & {".venv", "build", "dist", ".git"}
    assert not [name for name in names if "__pycache__" in name]


def test_the_wheel_carries_the_grammar_and_the_policies(wheel: Path) -> None:
    """The wheel built from the source distribution holds the grammar, the policies, the marker of types, the licence."""
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    assert "si_rules/grammar/policy.lark" in names
    assert "si_rules/py.typed" in names
    shipped = [name for name in names if name.startswith("si_rules/policies/doncaster/school_improvement/")]
    assert [name for name in shipped if name.endswith(".policy")]
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENCE")]


def test_the_wheel_carries_every_shipped_file(wheel: Path) -> None:
    """Every grammar and policy file of the checkout is in the wheel."""
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    suffixes = {".jinja", ".json", ".lark", ".policy", ".scenarios", ".toml", ".vocabulary"}
    here = {
        f"si_rules/{path.relative_to(ROOT).as_posix()}"
        for folder in ("grammar", "policies")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes
    }
    assert here
    assert here <= names


def test_the_installed_package_is_the_one_imported(installed: Path, tmp_path: Path) -> None:
    """With the installed folder first on the path, Python imports the package from there, not from the checkout."""
    printed = run(
        sys.executable,
        "-c",
        "import si_rules; print(si_rules.__file__)",
        cwd=tmp_path,
        PYTHONPATH=str(installed),
    )
    assert Path(printed.strip()).is_relative_to(installed)


def test_the_installed_package_lists_its_policies(installed: Path, tmp_path: Path) -> None:
    """The installed package finds the policies it carries, far from any checkout."""
    printed = run(sys.executable, "-m", "si_rules", "policies", cwd=tmp_path, PYTHONPATH=str(installed))
    assert "doncaster.school_improvement" in printed


def test_the_installed_package_explains_its_codes(installed: Path, tmp_path: Path) -> None:
    """The installed package carries what the codes of diagnostics mean."""
    printed = run(sys.executable, "-m", "si_rules", "explain", "SI501", cwd=tmp_path, PYTHONPATH=str(installed))
    assert printed.startswith("SI501: ")


def test_the_installed_package_has_its_letters(installed: Path, tmp_path: Path) -> None:
    """The installed package lists the letters beside a policy, and has the plain letter for one without any."""
    command = (sys.executable, "-m", "si_rules", "letters")
    beside = run(*command, "doncaster.school_improvement@2015-16", cwd=tmp_path, PYTHONPATH=str(installed))
    assert beside.startswith("category: ")
    plain = run(*command, ROOT / "examples" / "03_flood_defences", cwd=tmp_path, PYTHONPATH=str(installed))
    assert "sent by the act: none that the policy names" in plain


def test_pygments_finds_the_lexer_of_the_installed_package(installed: Path, tmp_path: Path) -> None:
    """With the package installed, Pygments knows policies by name, and every letter of one by what it is."""
    (tmp_path / "a.policy").write_text('party officer "the officer"\n', encoding="utf-8")
    command = (sys.executable, "-m", "pygments", "-l", "si-rules", "-f", "raw", "a.policy")
    printed = run(*command, cwd=tmp_path, PYTHONPATH=str(installed))
    assert "Token.Keyword.Declaration\t'party'" in printed
    assert "Error" not in printed
