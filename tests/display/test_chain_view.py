"""Pictures of chains: as many bars and curves as there is to show, and what does not fit is said."""

from musicedu.display.chain_view import plot_by_order, plot_following


def test_the_likeliest_stand_first_and_the_rest_is_said():
    ax = plot_following({"a": 0.2, "b": 0.7, "c": 0.1})
    assert [bar.get_height() for bar in ax.patches] == [0.7, 0.2, 0.1]
    assert not ax.get_title(loc="right")
    many = plot_following({str(n): 1 / 20 for n in range(20)})
    assert len(many.patches) == 12
    assert many.get_title(loc="right") == "and 8 more with 40% together"


def test_orders_are_counted_from_one():
    ax = plot_by_order({"seen": [3.0, 2.0, 1.0], "new": [4.0, 3.5, 5.0]}, "perplexity", level=("real", 2.5))
    seen, new, level = ax.lines
    assert seen.get_xdata().tolist() == [1, 2, 3] == new.get_xdata().tolist()
    assert list(level.get_ydata()) == [2.5, 2.5]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["seen", "new", "real"]
