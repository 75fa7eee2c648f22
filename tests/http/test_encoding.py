"""An answer comes in the coding that its client likes best of those that there are: gzip, and none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.http.encoding import coding

GZIP = ["gzip", "GZIP", "br, gzip", "gzip;q=0.5", "gzip ; q=1.0", "*", "*;q=0.1", "x-gzip", "gzip;Q=0.3"]
GZIP += ["identity;q=0, gzip", "gzip, *;q=0", "identity;q=0.5, gzip;q=0.8", "deflate, gzip;q=1.0, *;q=0.5"]
PLAIN = ["", "identity", "gzip;q=0", "gzip;q=0.000", "identity, gzip;q=0", "br", "gzip;q=0, *", "gzip;q=no"]
PLAIN += ["gzip;q=0.1, identity;q=0.9", "gzip;q=0.5, identity", "gzip;q=nan", "gzip;q=7", "br;q=1, zstd", ","]
NEITHER = [
    "identity;q=0",
    "*;q=0",
    "gzip;q=0, identity;q=0",
    "br, identity;q=0",
    "gzip;q=0, *;q=0",
    "br, *;q=0",
]


@pytest.mark.parametrize(
    ("headers", "expected"), [(GZIP, "gzip"), (PLAIN, "identity"), (NEITHER, None)], ids=str
)
def test_the_coding_that_is_liked_best_is_sent_and_none_that_is_refused(headers, expected):
    assert {header: coding(header) for header in headers} == dict.fromkeys(headers, expected)


def test_whoever_says_nothing_gets_it_plain():
    assert coding(None) == "identity"


def test_what_hardly_gets_shorter_is_compressed_for_those_alone_who_take_nothing_else():
    assert coding("gzip", is_worth_it=False) == "identity"
    assert coding("gzip, identity;q=0", is_worth_it=False) == "gzip"
    assert coding("gzip, *;q=0", is_worth_it=False) == "gzip"


@given(
    st.dictionaries(
        st.sampled_from(["gzip", "identity", "*", "br"]), st.sampled_from(["0", "0.0", "0.001", "0.5", "1"])
    ),
    st.randoms(),
)
def test_no_order_and_no_spacing_of_weights_changes_the_coding_and_none_of_weight_zero_is_sent(weights, rnd):
    elements = [f"{name};q={weight}" for name, weight in weights.items()]
    found = coding(",".join(elements))
    rnd.shuffle(elements)
    assert coding(" ,  ".join(elements).replace(";", " ; ")) == found
    if found:
        assert float(weights.get(found, weights.get("*", "1" if found == "identity" else "0"))) > 0
