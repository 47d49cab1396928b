"""The terms by which texts and questions are matched."""

from index.terms import terms


def test_what_is_not_a_thing_is_another_term_than_the_thing() -> None:
    assert terms("non-pay costs") == terms("non pay costs") == terms("Non\u2011pay costs") == ("nonpay", "cost")
    assert "pay" in terms("pay and non-pay") and "nonpay" in terms("pay and non-pay")
    assert terms("none of the costs") == ("none", "cost")


def test_thousands_possessives_and_plurals_of_abbreviations() -> None:
    assert terms("1,769 officers") == terms("1769 officers")
    assert terms("the force's plan") == terms("the force plan")
    assert terms("PCSOs") == terms("PCSO")
