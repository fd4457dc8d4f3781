"""The order of the articles of a text."""

from timeline.core.articles import article_order


def test_articles_sort_by_their_numbers() -> None:
    articles = ["Annexe 1", "art. 10", "", "art. 2, § 3", "Art. 2", "préambule", "art. 2, § 12"]
    assert sorted(articles, key=article_order) == [
        *("préambule", "Art. 2", "art. 2, § 3", "art. 2, § 12", "art. 10", "Annexe 1", ""),
    ]
