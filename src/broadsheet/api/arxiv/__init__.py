"""The API of arXiv's export site over our catalogue: its addresses, its query language, its Atom."""
