"""The parts of clean text: reading TeX, formulas, remains of stripped maths, punctuation, addresses.

`papers/text.py` puts them together. A text on its way is a `Marked` (see `marks`): what must not be
touched any more, such as a formula or an address, is one private character that stands for it.
"""
