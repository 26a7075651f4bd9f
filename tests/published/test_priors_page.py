from tools.make_priors import PAGE, page


def test_page_is_current():
    """docs/priors.md is what the numbers give now; `make docs` renews it."""
    assert PAGE.read_text(encoding="utf-8") == page()
