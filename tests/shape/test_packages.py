"""The lists of packages agree, and the names at the root are ours alone."""

from importlib.metadata import packages_distributions

from tests.shape.sources import packages, project


def test_every_list_of_packages_names_the_same_folders() -> None:
    tool = project()["tool"]
    found = packages()
    assert sorted(tool["hatch"]["build"]["targets"]["wheel"]["packages"]) == found
    assert sorted(tool["importlinter"]["root_packages"]) == found
    assert sorted(tool["mypy"]["packages"]) == found


def test_every_package_stands_on_one_floor() -> None:
    contracts = project()["tool"]["importlinter"]["contracts"]
    floors = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    standing = [name.strip() for floor in floors for name in floor.split("|")]
    assert sorted(standing) == packages()


def test_no_other_distribution_provides_our_names() -> None:
    providers = packages_distributions()
    foreign = {name: set(providers.get(name, [])) - {"danvan"} for name in packages()}
    assert {name: others for name, others in foreign.items() if others} == {}
