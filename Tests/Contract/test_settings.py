"""What documents say of settings is what the executables say of themselves (`<Product>
--settings`)."""

import pytest

from executables import PRODUCTS, ROOT, settings


@pytest.fixture(scope="module", params=PRODUCTS)
def service(request):
    """Its name, its product, its folder, its settings."""
    product, folder = PRODUCTS[request.param]
    return request.param, product, folder, settings(product)


def test_readme_lists_the_service_s_own_settings(service):
    name, _, folder, known = service
    readme = (ROOT / "Services" / folder / "README.md").read_text()
    common = (ROOT / "Shared" / "ServiceKit" / "README.md").read_text()
    for variable, (key, default) in known.items():
        if f"`intake.{key.removeprefix(name + '.')}`" in common:
            continue
        lines = [line for line in readme.splitlines() if f"`{key}`" in line or f"`{variable}`" in line]
        assert lines, f"Services/{folder}/README.md says nothing of {key}"
        if ".peers." not in key:
            assert any(f"`{default}`" in line for line in lines), f"{key}: default is {default}"
